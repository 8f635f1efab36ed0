// In: a producer's document and what the gateway does around it. Out: the document that consumers get: the gateway's address,
// keys, limits, header fields and refusals are in it. The document itself stays as it is.
import { refusalsOf } from '../domain/gateway-refusals.ts';
import type { PolicyName } from '../domain/policies.ts';
import type { Limit } from '../domain/limit.ts';
import { errorCatalogue, type GatewayErrorCode } from '../errors.ts';
import { escapePointer, isObject, referenceOf } from './reference.ts';

export interface ServedFacts {
  /** Address that calls start with. */
  serverUrl: string;
  /** Of the portal, whose pages explain each refusal. */
  webUrl: string;
  status: 'draft' | 'published' | 'deprecated' | 'retired';
  /** What the product takes beside keys, and where keys are exchanged for it; null: nothing. */
  tokens: { url: string | null } | null;
  /** Names of the product's policies that are on. */
  policies: readonly PolicyName[];
  /** The header that chooses the version, when the path does not. */
  versionHeader: { name: string; value: string } | null;
  plans: { slug: string; name: string; limits: Limit[]; operations: string[] | null }[];
}

type Json = Record<string, unknown>;
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

export interface DocumentServer {
  /** Everything but the entries of `paths`, `components` and `webhooks`. */
  root(root: Json): Json;
  pathItem(path: string, item: unknown): unknown;
  /** One entry of components; paths come first, since they say at which status a shared response is used. Undefined leaves it out. */
  component(kind: string, name: string, value: unknown): unknown;
  /** The gateway's own components, by kind and name. */
  ownComponents(): Record<string, Json>;
}

/** Serves a document piece by piece: 12 MB need not be one value in memory. `taken` tells the names of the document's own components. */
export function documentServer(facts: ServedFacts, taken: (name: string) => boolean): DocumentServer {
  const names = ['Gateway', 'PorticoGateway', ...Array.from({ length: 100 }, (_, index) => `Gateway${index + 2}`)];
  const prefix = names.find((name) => !taken(name))!;
  const server = { facts, prefix, used: new Map<number, Set<GatewayErrorCode>>(), sharedAt: new Map<string, Set<string>>() };
  return {
    root: (root) => serveRoot(server, root),
    pathItem: (path, item) => servePathItem(server, path, item),
    component: (kind, name, value) => serveComponent(server, kind, name, value),
    ownComponents: () => ownComponents(server),
  };
}

interface Server {
  facts: ServedFacts;
  prefix: string;
  /** Refusals by status, of all operations. */
  used: Map<number, Set<GatewayErrorCode>>;
  /** Statuses at which operations use a shared response. */
  sharedAt: Map<string, Set<string>>;
}

/** The same of a whole document. */
export function serveDocument(document: Json, facts: ServedFacts): Json {
  const components = isObject(document['components']) ? document['components'] : {};
  const server = documentServer(facts, (name) => Object.values(components).some((entries) => isObject(entries) && Object.keys(entries).some((key) => key.startsWith(name))));
  const root = server.root(document);
  const paths = Object.fromEntries(Object.entries(isObject(document['paths']) ? document['paths'] : {}).map(([path, item]) => [path, path.startsWith('/') ? server.pathItem(path, item) : item]));
  const served: Record<string, unknown> = {};
  for (const [kind, entries] of Object.entries(components)) {
    served[kind] = isObject(entries) ? Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, server.component(kind, name, value)]).filter(([, value]) => value !== undefined)) : entries;
  }
  for (const [kind, entries] of Object.entries(server.ownComponents())) served[kind] = { ...(isObject(served[kind]) ? served[kind] : {}), ...entries };
  return { ...root, paths, components: served };
}

function serveRoot({ facts, prefix }: Server, root: Json): Json {
  return {
    ...root,
    servers: [{ url: facts.serverUrl, description: 'The gateway.' }],
    security: [{ [`${prefix}Bearer`]: [] }, { [`${prefix}Key`]: [] }, ...(facts.tokens?.url ? [{ [`${prefix}Token`]: [] }] : [])],
    'x-portico-plans': facts.plans.map(({ slug, name, limits, operations }) => ({ slug, name, limits, ...(operations === null ? {} : { operations }) })),
  };
}

function servePathItem(server: Server, path: string, item: unknown): unknown {
  if (!isObject(item) || referenceOf(item) !== undefined) return item;
  const { servers: _, ...rest } = item;
  const served: Json = { ...rest };
  for (const method of methods) if (isObject(item[method])) served[method] = serveOperation(server, method.toUpperCase(), path, item[method]);
  if (isObject(item['additionalOperations'])) served['additionalOperations'] = Object.fromEntries(Object.entries(item['additionalOperations']).map(([method, operation]) => [method, isObject(operation) ? serveOperation(server, method, path, operation) : operation]));
  if (server.facts.versionHeader) served['parameters'] = [...(Array.isArray(item['parameters']) ? item['parameters'] : []), component(server, 'parameters', 'Version')];
  return served;
}

function serveOperation(server: Server, method: string, path: string, operation: Json): Json {
  const { facts } = server;
  const { security: _, servers: __, ...rest } = operation;
  const id = typeof operation['operationId'] === 'string' && operation['operationId'] !== '' ? operation['operationId'] : `${method} ${path}`;
  const opening = facts.plans.filter(({ operations }) => operations === null || operations.includes(id));
  const codes = refusalsOf({ operation: id, hasBody: operation['requestBody'] !== undefined, policies: facts.policies, status: facts.status, plans: facts.plans });
  return {
    ...rest,
    ...(facts.status === 'deprecated' || facts.status === 'retired' ? { deprecated: true } : {}),
    responses: serveResponses(server, isObject(operation['responses']) ? operation['responses'] : {}, codes),
    ...(opening.length < facts.plans.length ? { 'x-portico-plans': opening.map(({ slug }) => slug) } : {}),
  };
}

function serveResponses(server: Server, responses: Json, codes: GatewayErrorCode[]): Json {
  const served: Json = {};
  const refusals: Map<number, GatewayErrorCode[]> = Map.groupBy(codes, (code): number => errorCatalogue[code].status);
  for (const [status, response] of Object.entries(responses)) {
    const reference = referenceOf(response);
    if (reference !== undefined) server.sharedAt.set(reference, (server.sharedAt.get(reference) ?? new Set()).add(status));
    served[status] = status.startsWith('x-') ? response : serveResponse(server, response, refusals.has(Number(status)));
  }
  for (const [status, group] of refusals) {
    server.used.set(status, new Set([...(server.used.get(status) ?? []), ...group]));
    served[status] ??= component(server, 'responses', String(status));
  }
  return served;
}

/** What the upstream answers carries the gateway's header fields; at a status that the gateway refuses with, its problem document too. */
function serveResponse(server: Server, response: unknown, refuses: boolean): unknown {
  if (!isObject(response) || referenceOf(response) !== undefined) return response;
  const content = isObject(response['content']) ? response['content'] : {};
  const said = new Set(Object.keys(isObject(response['headers']) ? response['headers'] : {}).map((name) => name.toLowerCase()));
  const own = Object.entries(headerRefs(server, server.facts.status === 'deprecated')).filter(([name]) => !said.has(name.toLowerCase()));
  return {
    ...response,
    headers: { ...(isObject(response['headers']) ? response['headers'] : {}), ...Object.fromEntries(own) },
    ...(refuses && content['application/problem+json'] === undefined ? { content: { ...content, 'application/problem+json': { schema: component(server, 'schemas', 'Problem') } } } : {}),
  };
}

function headerRefs(server: Server, deprecated: boolean): Json {
  const names = { 'X-Request-Id': 'RequestId', 'RateLimit-Policy': 'RateLimitPolicy', RateLimit: 'RateLimit', ...(deprecated ? { Deprecation: 'Deprecation', Sunset: 'Sunset' } : {}) };
  return Object.fromEntries(Object.entries(names).map(([name, own]) => [name, component(server, 'headers', own)]));
}

function serveComponent(server: Server, kind: string, name: string, value: unknown): unknown {
  if (kind === 'securitySchemes') return undefined;
  if (kind === 'pathItems') return servePathItem(server, '', value);
  if (kind !== 'responses') return value;
  const statuses = server.sharedAt.get(`#/components/responses/${escapePointer(name)}`);
  return statuses === undefined ? value : serveResponse(server, value, [...statuses].some((status) => server.used.has(Number(status))));
}

function ownComponents(server: Server): Record<string, Json> {
  const { prefix, facts } = server;
  const named = (entries: Json): Json => Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${prefix}${name}`, value]));
  return {
    schemas: named({ Problem: problemSchema }),
    headers: named({ ...headers, ...(facts.status === 'deprecated' ? deprecationHeaders : {}) }),
    responses: named(Object.fromEntries([...server.used].toSorted(([a], [b]) => a - b).map(([status, codes]) => [String(status), refusalResponse(server, status, [...codes])]))),
    securitySchemes: named({
      Bearer: { type: 'http', scheme: 'bearer', description: 'A key from the portal: `Authorization: Bearer <key>`.' },
      Key: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key in a header field of its own.' },
      ...(facts.tokens?.url ? { Token: { type: 'oauth2', description: 'A token for which a key was exchanged: its id is the client id, the key itself the secret.', flows: { clientCredentials: { tokenUrl: facts.tokens.url, scopes: {} } } } } : {}),
    }),
    ...(facts.versionHeader ? { parameters: named({ Version: { name: facts.versionHeader.name, in: 'header', description: 'Chooses the version.', schema: { type: 'string', enum: [facts.versionHeader.value] }, example: facts.versionHeader.value } }) } : {}),
  };
}

function refusalResponse(server: Server, status: number, codes: GatewayErrorCode[]): Json {
  const { webUrl } = server.facts;
  const extra = status === 429 ? { 'Retry-After': component(server, 'headers', 'RetryAfter') } : status === 401 ? { 'WWW-Authenticate': component(server, 'headers', 'Authenticate') } : {};
  const examples = codes.map((code) => [code, { summary: errorCatalogue[code].title, value: { type: `${webUrl}/errors/${code}`, title: errorCatalogue[code].title, status, detail: errorCatalogue[code].meaning, code, requestId: 'req_01K0G6Q8YB3V5N2M7R4T9W1X0Z' } }]);
  return {
    description: `Refused by the gateway: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
    headers: { ...headerRefs(server, false), ...extra },
    content: { 'application/problem+json': { schema: component(server, 'schemas', 'Problem'), examples: Object.fromEntries(examples) } },
  };
}

function component({ prefix }: Server, kind: string, name: string): Json {
  return { $ref: `#/components/${kind}/${prefix}${name}` };
}

const problemSchema: Json = {
  type: 'object',
  description: 'A refusal by the gateway (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'The page that explains this error.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What was sent, what was expected, what to do next.' },
    code: { type: 'string', description: 'Stable name of the error.' },
    requestId: { type: 'string', description: 'The same as X-Request-Id.' },
  },
};

const header = (description: string, type: string, example: unknown): Json => ({ description, schema: { type }, example });
const headers: Json = {
  RequestId: header('Names this call in your dashboard and to the producer.', 'string', 'req_01K0G6Q8YB3V5N2M7R4T9W1X0Z'),
  RateLimitPolicy: header('Every limit of the plan: quota `q` per window of `w` seconds (draft-ietf-httpapi-ratelimit-headers).', 'string', '"burst";q=5;w=1'),
  RateLimit: header('What is left of each limit: `r` calls, full again in `t` seconds.', 'string', '"burst";r=4;t=1'),
  RetryAfter: header('Seconds until the next call passes.', 'integer', 1),
  Authenticate: header('How to send a key.', 'string', 'Bearer'),
};
const deprecationHeaders: Json = {
  Deprecation: header('When this version was deprecated (RFC 9745).', 'string', '@1788220800'),
  Sunset: header('When this version stops answering (RFC 8594).', 'string', 'Mon, 01 Mar 2027 00:00:00 GMT'),
};
