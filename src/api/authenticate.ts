import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { Accounts, Actor } from '../control/services.ts';
import { AppError } from '../errors.ts';
import type { ApiEnv } from './route.ts';

/** Finds who acts: the holder of the admin token, or a member by the session cookie. @throws AppError `not_signed_in`, `role_forbids`, `csrf_refused` */
export function authenticate(options: { accounts: Pick<Accounts, 'findPerson'>; adminToken: string; webUrl: string }): MiddlewareHandler<ApiEnv> {
  const expected = digest(options.adminToken);
  return async (context, next) => {
    context.set('actor', await findActor(context, options, expected));
    await next();
  };
}

async function findActor(context: Context<ApiEnv>, options: { accounts: Pick<Accounts, 'findPerson'>; webUrl: string }, expected: Buffer): Promise<Actor> {
  const authorization = context.req.header('authorization');
  if (authorization !== undefined) {
    const token = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1];
    if (token === undefined) throw new AppError('not_signed_in', 'The Authorization header is not of the form `Bearer <admin token>`.');
    // Digests have one length, so that comparing takes the same time for every token.
    if (!timingSafeEqual(digest(token), expected)) throw new AppError('not_signed_in', 'The token in the Authorization header is not the admin token of this Portico. It is in the file `admin-token` of the data folder, or what PORTICO_ADMIN_TOKEN was at the start.');
    return { kind: 'admin-token' };
  }
  const person = await options.accounts.findPerson(context.req.raw.headers);
  if (!person) throw new AppError('not_signed_in', 'The request carries neither an Authorization header nor a valid session. Send `Authorization: Bearer <admin token>`.');
  if (!person.member) throw new AppError('role_forbids', `${person.email} is signed in as a developer; the management API is for members of the workspace.`);
  if (!['GET', 'HEAD', 'OPTIONS'].includes(context.req.method) && !isSameOrigin(context, options.webUrl)) {
    throw new AppError('csrf_refused', 'This request acts on a session, and it did not come from this portal. Send the admin token instead of a cookie.');
  }
  return { kind: 'member', memberId: person.member.memberId, email: person.email, role: person.member.role };
}

/** Browsers name the origin of every write; a write on a cookie without it is refused. */
function isSameOrigin(context: Context<ApiEnv>, webUrl: string): boolean {
  const origin = context.req.header('origin');
  if (origin === undefined) return context.req.header('sec-fetch-site') === 'same-origin';
  if (origin === new URL(webUrl).origin) return true;
  const host = URL.parse(origin)?.host;
  return host !== undefined && host === context.req.header('host');
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
