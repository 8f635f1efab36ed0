// A bill as several routes answer it.
import { z } from '@hono/zod-openapi';
import { quantity, time } from './fields.ts';

export const money = z.string().openapi({ description: 'Exact decimal text in the major unit, with the digits of the currency\'s minor unit.', example: '24.50' });
export const currencySchema = z.string().openapi({ description: 'ISO 4217, lower case.', example: 'usd' });

export const billLineSchema = z.object({
  kind: z.enum(['fee', 'proration', 'usage', 'coupon']), description: z.string(), meter: z.string().nullable(), quantity, unitPrice: z.string().openapi({ description: 'Exact decimal text.', example: '0.0005' }), amount: money, from: time, to: time,
}).openapi('BillLine');
export const billSchema = z.object({ currency: currencySchema, subtotal: money.openapi({ description: 'Before tax and prepaid credit.' }), lines: z.array(billLineSchema) }).openapi('BillEstimate');

export const exampleLine = { kind: 'fee' as const, description: 'Growth, fee per month', meter: null, quantity: '1', unitPrice: '49.00', amount: '49.00', from: '2026-08-01T00:00:00.000Z', to: '2026-09-01T00:00:00.000Z' };
export const exampleBill = { currency: 'usd', subtotal: '49.00', lines: [exampleLine] };
