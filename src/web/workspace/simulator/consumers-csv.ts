// Leaves: every consumer of a simulation with the old and the new bill, as a file that spreadsheets open.
import type { SimulatedConsumer } from '../../../control/services.ts';
import { csvLine, csvResponse } from '../../csv.server.ts';
import { load } from '../../page.server.ts';

export const loader = load(async ({ services, member, params }): Promise<Response> => {
  const [actor, id] = [await member(), params['simulation']!];
  // A refusal must be an answer of its own, before the file begins.
  let page = await services.simulator.listConsumers(actor, { id });
  async function* lines() {
    yield csvLine(['consumer', 'consumer_id', 'plans', 'periods', 'currency', 'old', 'new', 'change', 'change_percent', 'limits_hit', 'subscription_ids']);
    for (;;) {
      for (const row of page.consumers) yield line(row);
      if (page.nextCursor === null) return;
      page = await services.simulator.listConsumers(actor, { id, cursor: page.nextCursor });
    }
  }
  return csvResponse(`simulation-${id.replaceAll(/[^\w-]/g, '-')}.csv`, lines());
});

function line(row: SimulatedConsumer): string {
  return csvLine([row.consumerName, row.consumerId, row.plans.join(' '), row.periods, row.currency, row.old, row.new, row.change, row.changePercent, row.hits.map(({ limit, windows }) => `${limit} ${windows}`).join('; '), row.subscriptionIds.join(' ')]);
}
