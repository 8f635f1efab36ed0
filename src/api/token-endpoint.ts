// OAuth 2.0 for programs (RFC 6749 section 4.4): a key in, a short-lived token out. Errors are those of section 5.2, not problems.
import { Buffer } from 'node:buffer';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { attemptLimits } from '../control/accounts/attempts.ts';
import type { Tokens } from '../control/services.ts';
import { AppError, isAppError } from '../errors.ts';
import type { Api, ApiEnv } from './route.ts';

const formBytesMax = 16_384;
const grant = 'client_credentials';

type TokenError = 'invalid_request' | 'invalid_client' | 'unauthorized_client' | 'unsupported_grant_type' | 'invalid_scope' | 'invalid_target';

class TokenFault extends Error {
  readonly error: TokenError;
  constructor(error: TokenError, detail: string) {
    super(detail);
    this.error = error;
  }
}

export function addTokenEndpoint({ app, services }: Api, { webUrl }: { webUrl: string }): void {
  const base = webUrl.replace(/\/+$/, '');
  app.post('/oauth/token', bodyLimit({ maxSize: formBytesMax, onError: (context) => answerFault(context, new TokenFault('invalid_request', `The form is larger than ${formBytesMax} bytes.`)) }), async (context) => {
    try {
      return await answerToken(context, services.tokens);
    } catch (error) {
      return answerFault(context, error);
    }
  });
  app.get('/.well-known/oauth-authorization-server', async (context) => {
    await requireTokens(services.tokens);
    return context.json({
      issuer: base, token_endpoint: `${base}/oauth/token`, jwks_uri: `${base}/.well-known/jwks.json`, response_types_supported: [], grant_types_supported: [grant],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'], service_documentation: `${base}/errors/token_invalid`,
    });
  });
  app.get('/.well-known/jwks.json', async (context) => context.json({ keys: await requireTokens(services.tokens) }, 200, { 'Content-Type': 'application/jwk-set+json' }));
}

async function requireTokens(tokens: Tokens) {
  const keys = await tokens.findKeys();
  if (!keys) throw new AppError('not_found', 'No product here takes tokens: `policies.tokens` in portico.yaml switches them on.');
  return keys;
}

async function answerToken(context: Context<ApiEnv>, tokens: Tokens): Promise<Response> {
  const form = await readForm(context);
  const grantType = form.get('grant_type');
  if (grantType === null) throw new TokenFault('invalid_request', '`grant_type` is missing: send `grant_type=client_credentials`.');
  if (grantType !== grant) throw new TokenFault('unsupported_grant_type', `The grant is \`${grant}\`, and no other.`);
  if (form.get('scope')) throw new TokenFault('invalid_scope', 'There are no scopes: a token opens what its key opens.');
  const client = readClient(context.req.header('authorization'), form);
  const issued = await tokens.issue({ ...client, resource: form.get('resource'), address: context.req.header('x-forwarded-for') ?? '' });
  if ('refused' in issued) throw new TokenFault(issued.refused, issued.detail);
  return context.json({ access_token: issued.token, token_type: 'Bearer', expires_in: issued.lifeMs / 1000 }, 200, { Pragma: 'no-cache' });
}

/** Section 3.2: parameters without a value are as if left out, and none may stand twice. */
async function readForm(context: Context<ApiEnv>): Promise<URLSearchParams> {
  const type = context.req.header('content-type')?.split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') throw new TokenFault('invalid_request', 'Send a form: `Content-Type: application/x-www-form-urlencoded`.');
  const form = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(await context.req.text())) {
    if (value === '') continue;
    if (form.has(name)) throw new TokenFault('invalid_request', name === 'resource' ? 'A token is for one `resource`, or for all.' : 'A parameter stands twice.');
    form.append(name, value);
  }
  return form;
}

/** Section 2.3.1: HTTP Basic or fields of the form, not both. */
function readClient(authorization: string | undefined, form: URLSearchParams): { clientId: string; clientSecret: string } {
  const inForm = { clientId: form.get('client_id'), clientSecret: form.get('client_secret') };
  if (authorization === undefined) {
    if (inForm.clientId === null || inForm.clientSecret === null) throw new TokenFault('invalid_client', 'Send the id of a key as `client_id` and the key itself as `client_secret`, in the form or by HTTP Basic.');
    return { clientId: inForm.clientId, clientSecret: inForm.clientSecret };
  }
  const basic = readBasic(authorization);
  if (!basic) throw new TokenFault('invalid_client', 'The Authorization header holds no id and key by HTTP Basic.');
  if (inForm.clientSecret !== null || (inForm.clientId !== null && inForm.clientId !== basic.clientId)) throw new TokenFault('invalid_request', 'The client stands in the Authorization header and in the form. Send it once.');
  return basic;
}

function readBasic(authorization: string): { clientId: string; clientSecret: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization)?.[1];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  try {
    return { clientId: formDecoded(id), clientSecret: formDecoded(secret) };
  } catch {
    return undefined;
  }
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function answerFault(context: Context<ApiEnv>, fault: unknown): Response | Promise<Response> {
  const answer = (status: 400 | 401 | 429, error: TokenError, detail: string, fields: Record<string, string> = {}): Response => context.json({ error, error_description: described(detail) }, status, { Pragma: 'no-cache', ...fields });
  if (isAppError(fault) && fault.code === 'too_many_attempts') return answer(429, 'invalid_client', fault.message, { 'Retry-After': String(attemptLimits['token-address'].windowMs / 1000) });
  if (!(fault instanceof TokenFault)) throw fault;
  if (fault.error === 'invalid_client') return answer(401, fault.error, fault.message, { 'WWW-Authenticate': 'Basic realm="oauth", charset="UTF-8"' });
  return answer(400, fault.error, fault.message);
}

/** Section 5.2: printable ASCII without quotation marks and backslashes. */
function described(detail: string): string {
  return detail.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');
}
