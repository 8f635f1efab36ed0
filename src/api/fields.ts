// Fields that several nouns share.
import { z } from '@hono/zod-openapi';
import { parseDuration } from '../domain/duration.ts';
import { AppError } from '../errors.ts';

const exampleTime = '2026-08-01T09:30:00.000Z';

/** Milliseconds inside, RFC 3339 in UTC outside. */
export const time = z.number().transform((ms) => new Date(ms).toISOString()).openapi({ type: 'string', format: 'date-time', example: exampleTime });
export const timeOrNull = z.number().nullable().transform((ms) => (ms === null ? null : new Date(ms).toISOString())).openapi({ type: ['string', 'null'], format: 'date-time', example: exampleTime });

export const mode = z.enum(['live', 'test']).openapi({ description: '`live` calls count and may cost; `test` calls never cost.', example: 'live' });
export const quantity = z.string().openapi({ description: 'Exact decimal text.', example: '1204' });

export const limitSchema = z.object({
  name: z.string().openapi({ example: 'monthly' }),
  requests: z.number().int().openapi({ description: 'Requests that pass per period.', example: 10_000 }),
  per: z.enum(['second', 'minute', 'hour', 'day', 'week', 'month', 'year', 'period']).openapi({ description: 'A rate up to the hour, a quota from the day on. `period` is the billing period.', example: 'month' }),
}).openapi('Limit');

export const placeSchema = z.object({
  detail: z.string().openapi({ example: 'expected a string' }),
  pointer: z.string().optional().openapi({ description: 'JSON Pointer (RFC 6901) into the input.', example: '/email' }),
  file: z.string().optional().openapi({ example: 'portico.yaml' }),
  line: z.number().int().optional().openapi({ description: 'From 1.', example: 12 }),
  column: z.number().int().optional().openapi({ description: 'From 1.', example: 5 }),
}).openapi('Place');

export const problemSchema = z.object({
  type: z.string().openapi({ description: 'Address of the page that explains this error.', example: 'http://127.0.0.1:3000/errors/not_found' }),
  title: z.string().openapi({ example: 'There is no such thing here' }),
  status: z.number().int().openapi({ example: 404 }),
  detail: z.string().openapi({ description: 'What was sent, what was expected, what to do next.', example: 'No product has the slug `atlsa`.' }),
  code: z.string().openapi({ description: 'Stable name of the error.', example: 'not_found' }),
  requestId: z.string().openapi({ example: 'req_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
  errors: z.array(placeSchema).optional().openapi({ description: 'Each place in the input that is wrong.' }),
}).openapi('Problem');

export const nextCursor = z.string().nullable().openapi({ description: 'Send it as `cursor` for the next page; null on the last.', example: null });
export const pageQuery = {
  cursor: z.string().max(500).optional().openapi({ description: '`nextCursor` of the page before.', example: 'MTc1NDA0MDYwMDAwMA' }),
  limit: z.coerce.number().int().min(1).max(1000).optional().openapi({ description: 'At most so many rows.', example: 50 }),
};

export const unconfirmed = z.array(z.string()).openapi({ description: 'Gateways that did not confirm in time, or that are cut off.', example: [] });

/** A named schema or null. `nullable()` would describe it as something that null does not satisfy. */
export function orNull<Schema extends z.ZodType>(schema: Schema): z.ZodUnion<[Schema, z.ZodNull]> {
  return z.union([schema, z.null()]);
}

/** An id of this kind in a path. */
export function idParam(name: string, example: string, description: string): z.ZodString {
  return z.string().min(1).max(200).openapi({ param: { name, in: 'path' }, description, example });
}
export const productParam = idParam('product', 'atlas', 'Slug of the product.');
export const consumerParam = idParam('consumer', 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'Id of the consumer.');

/** A moment that is sent: milliseconds inside. */
export const instant = z.string().refine((text) => Number.isFinite(instantMs(text)), { error: 'expected an RFC 3339 time such as 2026-08-01T00:00:00Z, or a date' }).transform(instantMs)
  .openapi({ type: 'string', format: 'date-time', example: '2026-08-01T00:00:00Z' });
export const periodQuery = {
  since: z.string().refine((text) => parseDuration(text) !== undefined, { error: 'expected a duration such as 30m, 24h or 30d' }).optional()
    .openapi({ description: 'From so long ago until now. Instead of `from`.', example: '24h' }),
  from: instant.optional().openapi({ description: 'Begin, UTC, included.', type: 'string', format: 'date-time' }),
  to: instant.optional().openapi({ description: 'End, UTC, excluded. Now when absent.', type: 'string', format: 'date-time' }),
};

/** A time without a zone is UTC, and a date is its midnight in UTC. */
function instantMs(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text)) return Number.NaN;
  return Date.parse(/T.*(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`);
}

/** The half-open period that the query names, else the last `otherwise` until now. @throws AppError `input_invalid` when it is empty or named twice. */
export function readPeriod(query: { since?: string | undefined; from?: number | undefined; to?: number | undefined }, nowMs: number, otherwise: string): { from: number; to: number } {
  if (query.since !== undefined && query.from !== undefined) throw invalidQuery('since', 'send `since` or `from`, not both');
  // The present millisecond belongs to the period: `to` is excluded.
  const to = query.to ?? nowMs + 1;
  const from = query.from ?? to - parseDuration(query.since ?? otherwise)!;
  if (from >= to) throw invalidQuery('from', 'expected a time before `to`');
  return { from: Math.max(0, from), to };
}

function invalidQuery(name: string, detail: string): AppError {
  return new AppError('input_invalid', `The query parameter \`${name}\` is not valid: ${detail}.`, { errors: [{ pointer: `/${name}`, detail }] });
}
