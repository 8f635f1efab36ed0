// What a request log shows: one reading of the filters in the address bar for the dashboard and the workspace.
import { redirect } from 'react-router';
import type { Actor, CallFilter, Services } from '../../control/services.ts';
import { isAppError } from '../../errors.ts';
import { readCallCode } from './call-code.server.ts';
import { chosenBy, readFilter } from './call-filter.ts';
import { readRange } from './call-range.ts';
import { shownCall } from './call-table.tsx';
import { readOptions } from './filter-options.server.ts';

const pageSize = 50;

/** @throws a redirect to the request's own page below `base` when its id is given. */
export async function readCallLog(services: Services, actor: Actor, url: URL, base: string) {
  const value = (name: string): string => url.searchParams.get(name)?.trim() ?? '';
  if (value('id') !== '') throw redirect(`${base}/${encodeURIComponent(value('id'))}`);
  const range = readRange(url.searchParams, Date.now());
  const filter = { ...readFilter(url.searchParams), ...(actor.kind === 'member' ? { consumer: value('consumer'), email: value('email') } : { consumer: '', email: '' }) };
  const whose: Pick<CallFilter, 'consumerId' | 'email'> = actor.kind === 'developer' ? { consumerId: actor.consumerId } : { ...(filter.consumer && { consumerId: filter.consumer }), ...(filter.email && { email: filter.email }) };
  const chosen = { ...chosenBy(filter), ...whose };
  const [options, { requests, nextCursor, mistake }] = await Promise.all([
    readOptions(services, actor, { ...range, ...(whose.consumerId && { consumerId: whose.consumerId }) }),
    listCalls(services, actor, { ...chosen, from: range.from, to: range.to, limit: pageSize, ...(value('cursor') && { cursor: value('cursor') }) }),
  ]);
  const opened = requests.find(({ id }) => id === value('open'));
  return {
    range, filter, options, mistake, rows: requests.map(shownCall), nextCursor, follow: value('live') === '1' && value('cursor') === '',
    opened: opened ? { request: opened, code: await readCallCode(services, actor, opened) } : null,
  };
}

/** A filter that names nothing here chooses no calls, and its refusal says why. */
async function listCalls(services: Services, actor: Actor, input: Parameters<Services['requests']['list']>[1]) {
  try {
    return { ...(await services.requests.list(actor, input)), mistake: null };
  } catch (error) {
    if (!(error instanceof Error) || !isAppError(error) || (error.code !== 'not_found' && error.code !== 'input_invalid')) throw error;
    return { requests: [], nextCursor: null, mistake: error.message };
  }
}
