import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { rollOnePeriod } from './roll-subscription.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random'>;

const rowsMax = 500;

/**
 * Ends every period whose end has passed and begins the next, each in a transaction of its own, so that it may be stopped anywhere and run twice at once.
 * Gateways hear of what moved. Answers how many ended.
 */
export async function rollPeriods(deps: Deps, gateways: Pick<Gateways, 'publishSnapshot' | 'credentialsChanged'>): Promise<number> {
  let ended = 0;
  for (;;) {
    const due = await deps.database.kysely.selectFrom('billing_period').select('subscription_id').where('state', '=', 'open').where('to_at', '<=', deps.clock.now()).orderBy('to_at').orderBy('id').limit(rowsMax).execute();
    if (due.length === 0) return ended;
    let moved = false;
    for (const { subscription_id: id } of due) {
      for (;;) {
        const rolled = await deps.database.transaction((query) => rollOnePeriod(deps, query, id));
        if (rolled === undefined) break;
        ended += 1;
        moved ||= rolled.moved;
      }
    }
    if (!moved) continue;
    // Plans first: an entry that names a revision must find it.
    await gateways.publishSnapshot();
    await gateways.credentialsChanged();
  }
}

const lookEveryMs = 5_000;

/** Rolls periods every few seconds until it is closed. */
export function openPeriodRoller(deps: ControlDeps, gateways: Gateways): { close(): Promise<void> } {
  let rolling: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    rolling ??= rollPeriods(deps, gateways).catch((error: unknown) => deps.log.error({ err: error }, 'periods could not be ended')).finally(() => (rolling = undefined));
  }, lookEveryMs).unref();
  return {
    close: async () => {
      clearInterval(timer);
      await rolling;
    },
  };
}
