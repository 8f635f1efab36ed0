import { load } from '../../page.server.ts';
import { articleMarkdown, markdownResponse } from './markdown-pages.server.ts';

export const loader = load(async ({ params, services, viewer }) => {
  const [guide, portal] = await Promise.all([services.content.getGuide(await viewer(), params['product']!, params['guide']!), services.configuration.portal()]);
  return markdownResponse(articleMarkdown(guide, portal.webUrl.replace(/\/$/, '')));
});
