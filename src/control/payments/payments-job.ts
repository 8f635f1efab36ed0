import { beginCollections } from './collect-invoices.ts';
import { provider, type PaymentDeps } from './payment-rows.ts';
import { pushPayment } from './push-payment.ts';
import { processEvents } from './webhook-events.ts';

const lookEveryMs = 15_000;
const atOnce = 4;
const rowsMax = 200;

/** Works off reports, begins attempts, and brings every payment and refund forward that is due. Each step may be killed and repeated. */
export async function workPayments(deps: PaymentDeps): Promise<void> {
  await processEvents(deps);
  await beginCollections(deps);
  for (;;) {
    const rows = await deps.database.kysely.selectFrom('payment').select('id').where('provider', '=', provider).where('state', 'in', ['pending', 'processing']).where('next_attempt_at', '<=', deps.clock.now()).orderBy('next_attempt_at').orderBy('id').limit(rowsMax).execute();
    const waiting = rows.map(({ id }) => id);
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await pushPayment(deps, id);
    }));
    if (rows.length === 0) return;
  }
}

export interface PaymentsJob {
  /** Works at once instead of in a while; resolves when it has. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

export function openPaymentsJob(deps: PaymentDeps, everyMs = lookEveryMs): PaymentsJob {
  let working: Promise<void> | undefined;
  let again = false;
  const wake = (): Promise<void> => {
    again = true;
    return (working ??= (async () => {
      while (again) {
        again = false;
        await workPayments(deps);
      }
    })().catch((error: unknown) => deps.log.error({ err: error }, 'payments could not be worked on')).finally(() => (working = undefined)));
  };
  const timer = setInterval(() => void wake(), everyMs).unref();
  return {
    wake,
    close: async () => {
      clearInterval(timer);
      await working;
    },
  };
}
