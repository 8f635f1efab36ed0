import type { ControlDeps } from '../deps.ts';
import { runBilling, type RunParts } from './run-billing.ts';

const runEveryMs = 180_000;

/** Runs the billing every few minutes until it is closed. A pass that fails is repeated by the next. */
export function openBillingJob(deps: ControlDeps, parts: RunParts, everyMs = runEveryMs): { close(): Promise<void> } {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= runBilling(deps, parts, { actor: { kind: 'system' }, everything: false }).catch((error: unknown) => deps.log.error({ err: error }, 'the billing run failed')).finally(() => (running = undefined));
  }, everyMs).unref();
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
