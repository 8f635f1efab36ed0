import { load } from '../../page.server.ts';
import { findInWorkspace, type Found } from './find.server.ts';

const queryMax = 100;

/** For the palette: what matches, while somebody types. */
export const loader = load(async ({ services, member, url }): Promise<{ query: string; found: Found[] }> => {
  const actor = await member();
  const query = (url.searchParams.get('q') ?? '').trim().slice(0, queryMax);
  return { query, found: query.length < 2 ? [] : await findInWorkspace(services, actor, query) };
});
