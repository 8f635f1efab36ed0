// A price simulation for who looks at pages: the invoiced product on a higher fee and a price from the first request on.
import { waitFor, type Portico } from './portico.ts';

const dayMs = 86_400_000;

/** Answers the id of a simulation that is done, of the product that `makeInvoices` makes. */
export async function makeSimulation(portico: Portico): Promise<string> {
  const at = (days: number): string => new Date(Date.now() - days * dayMs).toISOString();
  const draft = 'plans:\n  - slug: growth\n    name: Growth\n    access: private\n    currency: usd\n    interval: month\n    fee: "59.00"\n    limits:\n      - { name: monthly, requests: 100000, per: period }\n    prices:\n      - { meter: requests, model: unit, unitPrice: "0.001", minimum: "5" }\n';
  const { id } = await portico.api<{ id: string }>('POST', '/simulations', { draft, product: 'metered', from: at(100), to: at(1), rise: 10 });
  await waitFor('the simulation', async () => (await portico.api<{ state: string }>('GET', `/simulations/${id}`)).state === 'done', 15_000);
  return id;
}
