// One route of the management API: its documentation and its handler together, so that neither goes without the other.
import { createRoute, z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Clock } from '../clock.ts';
import type { Actor, Services } from '../control/services.ts';
import { errorCatalogue } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { acceptBody } from './body.ts';
import { problemSchema } from './fields.ts';

export interface ApiEnv {
  Variables: { actor: Actor; requestId: string; /** Value of the Allow header of a 405. */ allow: string | undefined };
}

/** What the nouns' files receive. */
export interface Api {
  app: OpenAPIHono<ApiEnv>;
  services: Services;
  clock: Clock;
  /** Where an archive lies while it is sent. */
  temporaryFolder: string;
}

type AnyObject = z.ZodObject;

export interface RouteDefinition<P extends AnyObject, Q extends AnyObject, B extends z.ZodType, A extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With `{names}`; begins with `/api/v1`. */
  path: `/api/v1/${string}`;
  /** camelCase and unique. */
  operation: string;
  tag: string;
  summary: string;
  description: string;
  params?: P;
  query?: Q;
  body?: { schema: B; example: z.input<B>; bytesMax?: number };
  /** Absent: 204 without a body. */
  answer?: { description: string; schema: A; example: z.output<A>; status?: 200 | 201 };
  /** Codes that callers should expect beside those every route can answer. */
  refusals?: ErrorCode[];
}

export interface RouteInput<P extends AnyObject, Q extends AnyObject, B extends z.ZodType> {
  actor: Actor;
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
}

const bodyBytesMax = 1_048_576;
/** For what carries whole OpenAPI documents. */
export const documentBytesMax = 67_108_864;

/** Adds the route; the handler's answer is checked and shaped by the answer's schema, so that nothing undocumented leaves. */
export function addRoute<P extends AnyObject, Q extends AnyObject, B extends z.ZodType, A extends z.ZodType>(
  api: Api,
  definition: RouteDefinition<P, Q, B, A>,
  handle: (input: RouteInput<P, Q, B>) => Promise<z.input<A>>,
): void {
  const { body, answer } = definition;
  const route = createRoute({
    method: definition.method,
    path: definition.path,
    operationId: definition.operation,
    tags: [definition.tag],
    summary: definition.summary,
    description: definition.description,
    security: [{ adminToken: [] }, { session: [] }],
    middleware: body ? [acceptBody(body.bytesMax ?? bodyBytesMax)] : [],
    request: {
      ...(definition.params ? { params: definition.params } : {}),
      ...(definition.query ? { query: definition.query } : {}),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: body.schema, example: body.example } } } } : {}),
    },
    responses: {
      ...(answer ? { [answer.status ?? 200]: { description: answer.description, content: { 'application/json': { schema: answer.schema, example: answer.example } } } } : { 204: { description: 'Done; there is nothing to return.' } }),
      ...refusalResponses(definition),
    },
  });
  api.app.openapi(route, (async (context: Context<ApiEnv>) => {
    const valid = (target: string): never => context.req.valid(target as never);
    const result = await handle({
      actor: context.get('actor'),
      params: (definition.params ? valid('param') : {}) as z.output<P>,
      query: (definition.query ? valid('query') : {}) as z.output<Q>,
      body: (body ? valid('json') : undefined) as z.output<B>,
    });
    return answer ? context.json(answer.schema.parse(result) as object, answer.status ?? 200) : context.body(null, 204);
  }) as never);
}

/** Every route can refuse these: one response per status, with the codes that it carries. */
export function refusalResponses(definition: { params?: unknown; query?: unknown; body?: unknown; refusals?: ErrorCode[] }): Record<string, object> {
  const codes = new Set<ErrorCode>(['not_signed_in', 'role_forbids', 'internal', ...(definition.refusals ?? [])]);
  if (definition.params) codes.add('not_found');
  if (definition.params || definition.query || definition.body) codes.add('input_invalid');
  if (definition.body) for (const code of ['body_too_large', 'csrf_refused'] as const) codes.add(code);
  const responses: Record<string, object> = {};
  for (const [status, group] of Map.groupBy(codes, (code) => errorCatalogue[code].status)) {
    const first = group[0]!;
    responses[status] = {
      description: group.map((code) => `\`${code}\`: ${errorCatalogue[code].title}.`).join(' '),
      content: { 'application/problem+json': { schema: problemSchema, example: {
        type: `http://127.0.0.1:3000/errors/${first}`, title: errorCatalogue[first].title, status, detail: errorCatalogue[first].meaning, code: first, requestId: 'req_01K0G6Q8YB3V5N2M7R4T9W1X0Z',
      } } },
    };
  }
  return responses;
}
