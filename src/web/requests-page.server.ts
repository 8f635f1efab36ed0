// The request log of portal and workspace: one reading of the filters in the address bar.
import { redirect } from 'react-router';
import type { Actor, Services } from '../control/services.ts';
import type { RequestFilter } from './ui/request-filters.tsx';
import { shownRequest } from './ui/request-table.tsx';

const pageSize = 50;

/** @throws a redirect to the request's own page when its id is given. */
export async function readRequests(services: Services, actor: Actor, url: URL, base: string, consumerId?: string) {
  const value = (name: string): string => url.searchParams.get(name)?.trim() ?? '';
  const filter: RequestFilter = { status: value('status'), mode: value('mode'), product: value('product'), id: value('id'), email: value('email') };
  if (filter.id !== '') throw redirect(`${base}/${encodeURIComponent(filter.id)}`);
  const { requests, nextCursor } = await services.requests.list(actor, {
    limit: pageSize,
    ...(consumerId !== undefined && { consumerId }),
    ...(filter.email && consumerId === undefined && { email: filter.email }),
    ...(filter.status && { status: filter.status }),
    ...((filter.mode === 'live' || filter.mode === 'test') && { mode: filter.mode }),
    ...(filter.product && { productSlug: filter.product }),
    ...(value('cursor') && { cursor: value('cursor') }),
  });
  return { filter, rows: requests.map(shownRequest), nextCursor };
}
