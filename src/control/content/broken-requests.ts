// Requests in stored guides and pages that the stored contracts do not take: what `apply` refuses, and a publication by hand could cause.
import { AppError, type ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { loadConfigState } from '../configuration/config-state.ts';
import type { ControlDeps } from '../deps.ts';
import { requestMistakes } from './check-requests.ts';
import { contentHash, listArticleRows } from './content-rows.ts';
import { articlePath } from './export-content.ts';

/** `file` is as an export names it, with the article that it holds. */
export interface BrokenRequest extends ErrorPlace { file: string; line: number; article: { product: string | null; slug: string; title: string } }

type Deps = Pick<ControlDeps, 'openAnswerCheck'>;

export async function findBrokenRequests(deps: Deps, query: Query): Promise<BrokenRequest[]> {
  const rows = await listArticleRows(query);
  const articles = new Map(rows.map((row) => [articlePath(row.product, row.slug), row]));
  if (![...articles.values()].some(({ markdown }) => markdown.includes('request'))) return [];
  const { config } = await loadConfigState(query);
  const mistakes = await requestMistakes(deps, query, { articles: [...articles].map(([file, { product, markdown }]) => ({ file, product, text: markdown })), products: config.products });
  return mistakes.map((mistake) => {
    const { product, slug, title } = articles.get(mistake.file!)!;
    return { ...mistake, file: mistake.file!, line: mistake.line!, article: { product, slug, title } };
  });
}

/** What was broken before is no reason to refuse. Called inside the transaction that publishes. @throws AppError `input_invalid` with file and line of each request that would break. */
export async function refuseBreakingRequests(deps: Deps, query: Query, before: readonly BrokenRequest[]): Promise<void> {
  const known = new Set(before.map(placeOf));
  const broken = (await findBrokenRequests(deps, query)).filter((mistake) => !known.has(placeOf(mistake)));
  if (broken.length === 0) return;
  const titles = [...new Set(broken.map(({ article }) => `"${article.title}"`))];
  const shown = titles.length > 3 ? `${titles.slice(0, 3).join(', ')} and ${titles.length - 3} more` : titles.join(', ');
  throw new AppError('input_invalid', `Readers of ${shown} could not send ${broken.length === 1 ? 'a request' : `${broken.length} requests`} any more. Name the version in the request (\`request v1 ...\`), or change it with portico.yaml, and publish then.`, {
    errors: broken.map(({ file, line, column, detail }) => ({ file, line, ...(column !== undefined && { column }), detail })),
  });
}

/** Answers the same list again as long as nothing that it stands on has changed. */
export function rememberBrokenRequests(deps: Deps): (query: Query) => Promise<BrokenRequest[]> {
  let last: { state: string; broken: Promise<BrokenRequest[]> } | undefined;
  return async (query) => {
    const state = contentHash(JSON.stringify(await loadConfigState(query)));
    if (last?.state !== state) {
      const found = { state, broken: findBrokenRequests(deps, query) };
      last = found;
      found.broken.catch(() => { if (last === found) last = undefined; });
    }
    return last.broken;
  };
}

function placeOf({ file, line }: BrokenRequest): string {
  return `${file}:${line}`;
}
