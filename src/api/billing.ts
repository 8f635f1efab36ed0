import { z } from '@hono/zod-openapi';
import { consumerParam, idParam } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const party = {
  name: z.string().max(200).openapi({ example: 'Northwind' }), address: z.string().max(1_000).openapi({ description: 'Lines apart by newlines.', example: 'Weg 1\n10115 Berlin' }), country: z.string().max(2).nullable().openapi({ description: 'ISO 3166-1, two letters.', example: 'DE' }),
  taxId: z.string().max(40).nullable().openapi({ example: 'DE123456789' }), email: z.string().max(320).nullable().openapi({ example: 'billing@northwind.example' }),
};
const exampleParty = { name: 'Northwind', address: 'Weg 1\n10115 Berlin', country: 'DE', taxId: 'DE123456789', email: 'billing@northwind.example' };
const settings = {
  seller: z.strictObject(party), numberPrefix: z.string().max(20).openapi({ description: 'Before each number.', example: 'INV-' }), dueDays: z.number().int().openapi({ description: 'Days from the invoice until it is due.', example: 14 }), graceMs: z.number().int().openapi({ description: 'How long after its end a period waits for calls that began in it, in ms.', example: 3_600_000 }),
  finalise: z.enum(['automatic', 'by-hand']).openapi({ description: 'Whether drafts are finalised by the run, or by a member.' }),
};
const settingsSchema = z.object(settings).openapi('BillingSettings');
const exampleSettings = { seller: { ...exampleParty, name: 'Atlas Ltd' }, numberPrefix: 'INV-', dueDays: 14, graceMs: 3_600_000, finalise: 'automatic' as const };
const rateFields = { name: z.string().max(40).openapi({ example: 'VAT' }), percent: z.string().max(10).openapi({ description: 'Decimal text with at most 4 places.', example: '19' }) };
const accountSchema = z.object({ ...party, consumerId: z.string(), taxExempt: z.boolean(), written: z.boolean().openapi({ description: 'False while nobody has entered anything.' }) }).openapi('BillingAccount');
const exampleAccount = { ...exampleParty, consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', taxExempt: false, written: true };

export function addBillingRoutes(api: Api): void {
  const { billing } = api.services;
  addRoute(api, {
    method: 'get', path: '/api/v1/billing/settings', operation: 'getBillingSettings', tag: 'Billing', summary: 'Get the billing settings', description: 'Seller, numbers, days until due, grace.', answer: { description: 'The settings.', schema: settingsSchema, example: exampleSettings },
  }, async ({ actor }) => billing.getSettings(actor));
  addRoute(api, {
    method: 'patch', path: '/api/v1/billing/settings', operation: 'updateBillingSettings', tag: 'Billing', summary: 'Change the billing settings', description: 'Invoices that are finalised stay as they are.',
    body: { schema: z.strictObject(settings).partial(), example: { dueDays: 30 } }, answer: { description: 'The settings as they are now.', schema: settingsSchema, example: { ...exampleSettings, dueDays: 30 } },
  }, async ({ actor, body }) => billing.changeSettings(actor, body));
  addRoute(api, {
    method: 'get', path: '/api/v1/billing/tax-rates', operation: 'listTaxRates', tag: 'Billing', summary: 'List tax rates', description: 'One rate per country of consumers; elsewhere there is none.',
    answer: { description: 'The rates.', schema: z.object({ taxRates: z.array(z.object({ country: z.string(), ...rateFields }).openapi('TaxRate')) }), example: { taxRates: [{ country: 'DE', name: 'VAT', percent: '19' }] } },
  }, async ({ actor }) => ({ taxRates: await billing.listTaxRates(actor) }));
  const params = z.object({ country: idParam('country', 'DE', 'ISO 3166-1, two letters.') });
  addRoute(api, {
    method: 'put', path: '/api/v1/billing/tax-rates/{country}', operation: 'setTaxRate', tag: 'Billing', summary: 'Set a tax rate', description: 'Adds or changes the rate of a country, for invoices from now on.', params, body: { schema: z.strictObject(rateFields), example: { name: 'VAT', percent: '19' } },
  }, async ({ actor, params: { country }, body }) => billing.setTaxRate(actor, { country, ...body }));
  addRoute(api, {
    method: 'delete', path: '/api/v1/billing/tax-rates/{country}', operation: 'removeTaxRate', tag: 'Billing', summary: 'Remove a tax rate', description: 'Invoices from now on carry no tax for this country.', params,
  }, async ({ actor, params: { country } }) => billing.removeTaxRate(actor, { country }));
  const consumer = z.object({ consumer: consumerParam });
  addRoute(api, {
    method: 'get', path: '/api/v1/consumers/{consumer}/billing-account', operation: 'getBillingAccount', tag: 'Billing', summary: 'Get a billing account', description: 'Whom a consumer’s invoices are made out to.', params: consumer, answer: { description: 'The account.', schema: accountSchema, example: exampleAccount },
  }, async ({ actor, params: { consumer: consumerId } }) => billing.getAccount(actor, { consumerId }));
  addRoute(api, {
    method: 'put', path: '/api/v1/consumers/{consumer}/billing-account', operation: 'setBillingAccount', tag: 'Billing', summary: 'Change a billing account', description: 'For invoices from now on.', params: consumer,
    body: { schema: z.strictObject({ ...party, taxExempt: z.boolean().optional() }), example: { ...exampleParty, taxExempt: false } }, answer: { description: 'The account as it is now.', schema: accountSchema, example: exampleAccount },
  }, async ({ actor, params: { consumer: consumerId }, body }) => billing.changeAccount(actor, { consumerId, ...body }));
}
