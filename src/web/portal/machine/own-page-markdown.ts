import { load } from '../../page.server.ts';
import { articleMarkdown, markdownResponse } from './markdown-pages.server.ts';

export const loader = load(async ({ params, services }) => {
  const [page, portal] = await Promise.all([services.content.getPage(params['slug']!), services.configuration.portal()]);
  return markdownResponse(articleMarkdown(page, portal.webUrl.replace(/\/$/, '')));
});
