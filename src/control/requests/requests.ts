import type { RequestFilter } from '../../events/event-store.ts';
import { AppError } from '../../errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { requireConsumer, requireRight } from '../rights.ts';
import type { Actor, RequestRow, Requests } from '../services.ts';
import { chosenConsumer, chosenProduct } from '../usage/chosen.ts';
import { requireRange } from '../usage/time-range.ts';
import { nameRequests } from './name-requests.ts';
import { watchCalls } from './watch-calls.ts';

export function createRequests(deps: ControlDeps, gateways: Gateways): Requests {
  const query = deps.database.kysely;
  return {
    list: (actor, input) => listRequests(deps, actor, input),
    get: (actor, id) => getRequest(deps, actor, id),
    async callVolume(actor, { from, to, bucketMs, ...input }) {
      requireRange({ from, to, bucketMs });
      const chosen = { ...defined('consumerId', await chosenConsumer(query, actor, input)), ...defined('productId', await chosenProduct(query, actor, input.productSlug)) };
      return deps.events.callVolume({ ...chosen, from, to, bucketMs });
    },
    async latency(actor, { from, to, ...input }) {
      requireRange({ from, to });
      const chosen = { ...defined('consumerId', await chosenConsumer(query, actor, input)), ...defined('productId', await chosenProduct(query, actor, input.productSlug)) };
      return deps.events.latency({ ...chosen, from, to, bucketMs: to - from });
    },
    watchCalls(actor, input, onCall) {
      requireConsumer(actor, input.consumerId, 'workspace.read');
      watchCalls(deps, gateways, input, onCall);
    },
  };
}

async function listRequests(deps: ControlDeps, actor: Actor, input: Parameters<Requests['list']>[1]): ReturnType<Requests['list']> {
  const query = deps.database.kysely;
  if (input.status !== undefined && !/^[1-5](xx|\d\d)$/i.test(input.status)) throw new AppError('input_invalid', `"${input.status}" is no status: write one such as 404, or a class such as 4xx.`, { errors: [{ pointer: '/status', detail: 'must be such as 404 or 4xx' }] });
  const limit = Math.min(Math.max(input.limit ?? 50, 1), 200);
  const filter: RequestFilter = {
    ...defined('consumerId', await chosenConsumer(query, actor, input)),
    ...defined('productId', await chosenProduct(query, actor, input.productSlug)),
    ...defined('keyId', input.keyId), ...defined('operation', input.operation), ...defined('mode', input.mode), ...defined('status', input.status?.toLowerCase()), ...defined('from', input.from), ...defined('to', input.to),
    ...defined('before', input.cursor === undefined ? undefined : parseCursor(input.cursor)),
    limit: limit + 1,
  };
  const events = await deps.events.listRequests(filter);
  const last = events.length > limit ? events[limit - 1]! : undefined;
  return { requests: await nameRequests(query, events.slice(0, limit)), nextCursor: last ? `${last.at}-${last.id}` : null };
}

async function getRequest(deps: ControlDeps, actor: Actor, id: string): Promise<RequestRow> {
  if (actor.kind !== 'developer') requireRight(actor, 'workspace.read');
  const event = await deps.events.findRequest(id);
  if (!event || (actor.kind === 'developer' && event.consumerId !== actor.consumerId)) throw new AppError('not_found', `There is no request ${id} here. It shows up within 2 seconds of the call, and stays for ${deps.config.eventRetentionDays} days.`);
  return (await nameRequests(deps.database.kysely, [event]))[0]!;
}

function parseCursor(cursor: string): { at: number; id: string } {
  const match = /^(\d{1,16}(?:\.\d{1,6})?)-([A-Za-z0-9_]{1,64})$/.exec(cursor);
  if (!match) throw new AppError('input_invalid', 'The cursor is not one that was given out here.', { errors: [{ pointer: '/cursor', detail: 'is not valid' }] });
  return { at: Number(match[1]), id: match[2]! };
}

function defined<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [key in K]?: V };
}
