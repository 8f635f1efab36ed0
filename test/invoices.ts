// Invoices for who looks at pages: a consumer on a plan with a price since two months ago, one invoice paid, one open, a credit note, and a coupon WELCOME-20.
import type { Portico } from './portico.ts';

const dayMs = 86_400_000;

/** Answers the number of an invoice that is partly credited; its line 1 counts requests. */
export async function makeInvoices(portico: Portico, consumer: string): Promise<string> {
  await portico.api('POST', '/products', { slug: 'metered', name: 'Metered API', upstream: 'http://127.0.0.1:4010', access: 'private' });
  const nothing = { unitPrice: null, packageSize: null, packagePrice: null, maximum: null };
  await portico.api('PUT', '/products/metered/plans/growth', {
    name: 'Growth', description: '', default: false, access: 'private', currency: 'usd', interval: 'month', fee: '49.00', trialDays: 0, limits: [], operations: null,
    prices: [{ ...nothing, meter: 'requests', model: 'graduated', included: '0', tiers: [{ upTo: '1000', unitPrice: '0', flatFee: '0' }, { upTo: null, unitPrice: '0.001', flatFee: '0' }], minimum: '5' }],
  });
  await portico.api('PATCH', '/billing/settings', { seller: { name: 'Atlas Ltd', address: '1 Harbour Road\nDublin', country: 'IE', taxId: 'IE1234567X', email: 'billing@atlas.example' } });
  await portico.api('PUT', '/billing/tax-rates/DE', { name: 'VAT', percent: '19' });
  await portico.api('PUT', `/consumers/${consumer}/billing-account`, { name: 'Northwind GmbH', address: 'Weg 1\n10115 Berlin', country: 'DE', taxId: 'DE123456789', email: 'ap@northwind.example' });
  const { id } = await portico.api<{ id: string }>('POST', `/consumers/${consumer}/subscriptions`, { product: 'metered', plan: 'growth', startedAt: new Date(Date.now() - 70 * dayMs).toISOString() });
  await portico.api('POST', '/coupons', { code: 'WELCOME-20', percent: '20', periods: 3, redemptionsMax: 100, product: 'metered' });
  await portico.api('POST', `/subscriptions/${id}/coupons`, { code: 'WELCOME-20' });
  // The ledger says within a moment of its start how far it has read.
  let numbers: string[] = [];
  for (let attempt = 0; numbers.length < 2 && attempt < 50; attempt++) {
    await portico.api('POST', '/invoices/run');
    numbers = (await portico.api<{ invoices: { number: string }[] }>('GET', `/invoices?consumer=${consumer}&sort=number`)).invoices.map(({ number }) => number);
    if (numbers.length < 2) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await portico.api('POST', `/invoices/${numbers[0]}/pay`, { note: 'Transfer 77' });
  await portico.api('POST', `/invoices/${numbers[0]}/credit-notes`, { lines: [{ position: 0, amount: '9' }], reason: 'An outage' });
  return numbers[0]!;
}
