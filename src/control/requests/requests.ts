import { callHint } from '../../domain/call-hint.ts';
import type { RequestFilter } from '../../events/event-store.ts';
import { AppError } from '../../errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { requireConsumer, requireRight } from '../rights.ts';
import type { Actor, RequestRow, Requests } from '../services.ts';
import { requireRange } from '../usage/time-range.ts';
import { breakDown } from './break-down.ts';
import { chosenCalls, defined } from './chosen-calls.ts';
import { nameRequests } from './name-requests.ts';
import { watchCalls, watchCommits } from './watch-calls.ts';

export function createRequests(deps: ControlDeps, gateways: Gateways): Requests {
  return {
    retentionDays: deps.config.eventRetentionDays,
    list: (actor, input) => listRequests(deps, actor, input),
    get: (actor, id) => getRequest(deps, actor, id),
    async callVolume(actor, { from, to, bucketMs, ...input }) {
      requireRange({ from, to, bucketMs });
      return deps.events.callVolume({ ...(await chosenCalls(deps, actor, input)), from, to, bucketMs });
    },
    breakdown: (actor, input) => breakDown(deps, actor, input),
    async latency(actor, { from, to, ...input }) {
      requireRange({ from, to });
      return deps.events.latency({ ...(await chosenCalls(deps, actor, input)), from, to, bucketMs: to - from });
    },
    async latencyByBucket(actor, { from, to, bucketMs, ...input }) {
      requireRange({ from, to, bucketMs });
      return deps.events.latencyByBucket({ ...(await chosenCalls(deps, actor, input)), from, to, bucketMs });
    },
    watch(actor, input, onCalls) {
      if (input.consumerId === undefined) requireRight(actor, 'workspace.read');
      else requireConsumer(actor, input.consumerId, 'workspace.read');
      watchCommits(deps, input, onCalls);
    },
    watchCalls(actor, input, onCall) {
      requireConsumer(actor, input.consumerId, 'workspace.read');
      watchCalls(deps, gateways, input, onCall);
    },
    tellMisdirected({ requestId, address, method, expected }) {
      gateways.tellStranger({ type: 'stranger', at: deps.clock.now(), address, method, productSlug: null, operation: null, status: 404, code: 'no_route', requestId, hint: callHint('portal-address', null, expected) });
    },
  };
}

async function listRequests(deps: ControlDeps, actor: Actor, input: Parameters<Requests['list']>[1]): ReturnType<Requests['list']> {
  const limit = Math.min(Math.max(input.limit ?? 50, 1), 200);
  const filter: RequestFilter = {
    ...(await chosenCalls(deps, actor, input)), ...defined('from', input.from), ...defined('to', input.to),
    ...defined('before', input.cursor === undefined ? undefined : parseCursor(input.cursor)),
    limit: limit + 1,
  };
  const events = await deps.events.listRequests(filter);
  const last = events.length > limit ? events[limit - 1]! : undefined;
  return { requests: await nameRequests(deps.database.kysely, events.slice(0, limit)), nextCursor: last ? `${last.at}-${last.id}` : null };
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
