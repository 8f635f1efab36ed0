import { load } from '../../page.server.ts';
import { articleMarkdown, markdownResponse } from './markdown-pages.server.ts';

export const loader = load(async ({ params, services, reader }) => {
  const [guide, portal] = await Promise.all([services.content.getGuide(await reader(), params['product']!, params['guide']!), services.configuration.portal()]);
  return markdownResponse(articleMarkdown(guide, portal.webUrl.replace(/\/$/, '')));
});
