// Where a reader's calculator begins: with the address, else with the last 30 days of the own account, else with an example.
import type { Actor, Services } from '../../../../control/services.ts';
import type { CalculatorStart } from './calculator.tsx';
import { metersOf, readQuantity, stepsOf, usageOf, usagePrefix, type CalculatedPlan } from './reckon.ts';

const monthMs = 30 * 86_400_000;

/** Null where no plan has anything to reckon. */
export async function readCalculatorStart(services: Services, { actor, productSlug, plans, search, now }: { actor: Actor | undefined; productSlug: string; plans: CalculatedPlan[]; search: URLSearchParams; now: number }): Promise<CalculatorStart | null> {
  const meters = metersOf(plans);
  if (meters.length === 0 || !plans.some(({ prices, fee }) => prices.length > 0 || /[1-9]/.test(fee))) return null;
  const written = meters.flatMap((meter) => { const text = search.get(`${usagePrefix}${meter}`); return text === null || text.trim() === '' ? [] : [[meter, text.slice(0, 60)] as const]; });
  const own = written.length === 0 ? await ownUsage(services, actor, productSlug, plans, now) : undefined;
  const base = own ?? exampleOf(plans, meters);
  const read = written.map(([meter, text]) => [meter, readQuantity(text), text] as const);
  return {
    usage: { ...base, ...(written.length > 0 && Object.fromEntries(meters.map((meter) => [meter, read.find(([name]) => name === meter)?.[1] ?? '0']))) },
    mistakes: Object.fromEntries(read.filter(([, quantity]) => quantity === null).map(([meter, , text]) => [meter, text])),
    from: written.length > 0 ? 'address' : own ? 'own' : 'example',
  };
}

async function ownUsage(services: Services, actor: Actor | undefined, productSlug: string, plans: CalculatedPlan[], now: number): Promise<CalculatorStart['usage'] | undefined> {
  if (actor?.kind !== 'developer') return undefined;
  const { usage } = await services.usage.get(actor, { consumerId: actor.consumerId, productSlug, from: now - monthMs, to: now });
  const live = usage.filter(({ mode }) => mode === 'live');
  return live.length === 0 ? undefined : usageOf(plans, live);
}

/** A tenth of the slider's greatest number of requests, and nothing else. */
function exampleOf(plans: CalculatedPlan[], meters: string[]): CalculatorStart['usage'] {
  return Object.fromEntries(meters.map((meter) => [meter, meter === 'requests' ? String(Number(stepsOf(plans, meter).at(-1)) / 10) : '0']));
}
