// Answers /learn.md, /learn/glossary.md, /learn/glossary/<term>.md and /learn/<set>.md.
import { load } from '../../page.server.ts';
import { glossaryMarkdown, learnMarkdown, setMarkdown, termMarkdown } from './learn-markdown.server.ts';
import { markdownResponse } from './markdown-pages.server.ts';

export const loader = load(async ({ params, url, services: { learn, configuration }, reader }) => {
  const [actor, portal] = await Promise.all([reader(), configuration.portal()]);
  const webUrl = portal.webUrl.replace(/\/$/, '');
  if (params['term'] !== undefined) return markdownResponse(termMarkdown(await learn.getTerm(params['term']), webUrl));
  if (params['set'] !== undefined) return markdownResponse(setMarkdown(await learn.getSet(actor, params['set']), webUrl));
  const terms = await learn.listTerms();
  return markdownResponse(url.pathname.endsWith('/glossary.md') ? glossaryMarkdown(terms, webUrl) : learnMarkdown(await learn.listSets(actor), terms, webUrl));
});
