// Sign-up, sign-in and everything that makes somebody a member or a developer.
import { AppError, errorCatalogue } from '../../errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { messages } from '../mail/messages.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import type { Accounts, Role } from '../services.ts';
import { ownPath, parseEmail, parseName, parsePassword, refusal } from './account-input.ts';
import { accountLinks } from './account-links.ts';
import { countAttempt, forgetAttempts, forgiveAttempt } from './attempts.ts';
import { endTryItKeys } from '../keys/try-it-key.ts';
import { createAuth } from './better-auth.ts';
import type { Auth, PasswordHash } from './better-auth.ts';
import { firstOwnerToken, forgetFirstOwnerToken, requireFirstOwnerToken } from './first-owner.ts';
import { findInvitation, invitationOver, useInvitation } from './invitations.ts';
import { addMember, createMembers } from './members.ts';
import { createProfile } from './profile.ts';
import { createConsumerOf, findDeveloper, findUnclaimedDeveloper, findUser, joinConsumer, loadPerson, settlePerson } from './people.ts';

export interface AccountParts {
  mailbox: Mailbox;
  /** `portal.name` of portico.yaml. */
  portalName(): Promise<string>;
  /** Called after the commit of a transaction that noted changes of keys; answers once the gateways know. */
  credentialsChanged(): Promise<unknown>;
  passwordHash?: PasswordHash;
}

type Deps = Pick<ControlDeps, 'config' | 'secret' | 'database' | 'clock' | 'random' | 'log'>;
type Context = { deps: Deps; parts: AccountParts; auth: Auth };

/** better-auth's own endpoints that pages of ours may use; all others would go round the limits and rules in this folder. */
const openEndpoints = new Set(['GET /api/auth/ok', 'GET /api/auth/get-session', 'POST /api/auth/sign-out']);

export function createAccounts(deps: Deps, parts: AccountParts): Accounts {
  const { config, database } = deps;
  const { kysely } = database;
  const { mailbox } = parts;
  const auth = createAuth(deps, { passwordHash: parts.passwordHash, letters: {
    magicLink: async ({ email, token, next }) => mailbox.post(kysely, messages.signIn({ to: email, portal: await parts.portalName(), link: accountLinks.magicLink(config.webUrl, token, next) })),
    resetPassword: async ({ email, token }) => mailbox.post(kysely, messages.resetPassword({ to: email, portal: await parts.portalName(), link: accountLinks.resetPassword(config.webUrl, token) })),
  } });
  const context: Context = { deps, parts, auth };
  return {
    handle: (request) => refusalsAnswered(async () => {
      if (!openEndpoints.has(`${request.method} ${new URL(request.url).pathname}`)) throw new AppError('not_found', 'There is no such endpoint here.');
      const origin = request.headers.get('origin');
      if (request.method === 'POST' && origin !== new URL(config.webUrl).origin) throw new AppError('csrf_refused', `The request came from ${origin ?? 'an unnamed site'}, not from this portal.`);
      return auth.handler(request);
    }),
    findPerson: async (headers) => {
      const user = await auth.findUser(headers);
      return user && loadPerson(kysely, user);
    },
    signUp: (input, request) => signUp(context, input, request),
    signIn: async (input, request) => ({ headers: (await signIn(context, { email: parseEmail(input.email), password: input.password }, request)).headers }),
    signOut: async (request) => {
      const user = await auth.findUser(request.headers);
      const developer = user && (await findDeveloper(kysely, user.id));
      if (developer && (await database.transaction((query) => endTryItKeys(query, { developerId: developer.id, now: deps.clock.now() })))) await parts.credentialsChanged();
      return { headers: await auth.signOut(request.headers) };
    },
    sendMagicLink: (input, request) => sendMagicLink(context, input, request),
    consumeMagicLink: async ({ token }, request) => {
      const signedIn = await auth.consumeMagicLink(token, request.headers);
      if (!signedIn) throw linkOver();
      await settle(context, signedIn.userId);
      return { headers: signedIn.headers };
    },
    sendVerification: async (input, request) => {
      const email = parseEmail(input.email);
      await countMail(context, email, request);
      const user = await findUser(kysely, { email });
      if (user && !user.verified) await postVerification(context, user, undefined);
    },
    verifyEmail: async ({ token }, request) => {
      const email = await auth.verifyEmail(token, request.headers);
      const user = email === undefined ? undefined : await findUser(kysely, { email });
      if (!user) throw linkOver();
      await settle(context, user.id);
      return { headers: new Headers() };
    },
    requestPasswordReset: async (input, request) => {
      const email = parseEmail(input.email);
      await countMail(context, email, request);
      await auth.requestPasswordReset(email, request.headers);
      void mailbox.deliver();
    },
    resetPassword: async ({ token, password }) => {
      const userId = await auth.resetPassword({ token, password: parsePassword(password) });
      if (userId === undefined) throw linkOver();
      const user = await findUser(kysely, { id: userId });
      await recordAudit(kysely, deps, { kind: 'developer', email: user!.email }, { action: 'password-changed', noun: 'account', subject: userId, name: user!.email, before: null, after: { by: 'a mailed link', sessionsEnded: true } });
      await forgetAttempts(deps, 'sign-in-account', user!.email);
      await settle(context, userId);
    },
    startConsumer: (userId) => startConsumer(context, userId),
    firstOwnerLink: async () => {
      const token = await firstOwnerToken(kysely, deps);
      return token && accountLinks.firstOwner(config.webUrl, token);
    },
    acceptFirstOwner: (input, request) => acceptFirstOwner(context, input, request),
    findInvitation: async (token) => {
      const invitation = await findInvitation(kysely, { token, now: deps.clock.now() });
      if (!invitation) return undefined;
      return { email: invitation.email, kind: invitation.consumer_id === null ? 'member' : 'developer', name: invitation.consumer_name ?? await parts.portalName(), invitedBy: invitation.invited_by };
    },
    acceptInvitation: (input, request) => acceptInvitation(context, input, request),
    ...createMembers(deps, parts),
    ...createProfile(deps, auth),
  };
}

async function signUp(context: Context, input: { email: string; password: string; name?: string; next?: string }, request: Request): ReturnType<Accounts['signUp']> {
  const { deps, auth } = context;
  const email = parseEmail(input.email);
  const password = parsePassword(input.password);
  const name = parseName(input.name);
  await countAttempt(deps, 'sign-up-address', addressOf(request));
  // Also when only the producer knows the address so far: what was made for it opens to its owner alone, whom a mailed link proves.
  if (await findUser(deps.database.kysely, { email }) ?? await findUnclaimedDeveloper(deps.database.kysely, email)) throw addressUsed();
  const passwordHash = await auth.hashPassword(password);
  const userId = await createUser(context, { email, name, passwordHash }, (query, id) => createConsumerOf(query, deps, { id, email }));
  const { headers } = await signIn(context, { email, password }, request);
  await postVerification(context, { id: userId, email }, input.next);
  return { headers, person: await loadPerson(deps.database.kysely, { id: userId, email, name: name ?? nameOf(email), verified: false }) };
}

async function startConsumer({ deps, parts }: Context, userId: string): ReturnType<Accounts['startConsumer']> {
  const user = await deps.database.transaction(async (query) => {
    const found = await findUser(query, { id: userId });
    if (!found) throw new AppError('not_found', 'This account no longer exists.');
    if (await findDeveloper(query, userId)) throw new AppError('conflict', `${found.email} belongs to an account already.`);
    await createConsumerOf(query, deps, found);
    return found;
  });
  await settle({ deps, parts }, userId);
  return loadPerson(deps.database.kysely, user);
}

async function refusalsAnswered(run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return Response.json({ code: error.code, title: errorCatalogue[error.code].title, status: error.status, detail: error.message }, { status: error.status, headers: { 'content-type': 'application/problem+json' } });
  }
}

/** User and what they become, or nothing. @throws AppError `conflict` when the address is used. */
async function createUser({ deps, auth }: Context, { email, name, passwordHash }: { email: string; name: string | undefined; passwordHash: string }, become: (query: Parameters<Auth['createUser']>[0], userId: string) => Promise<void>): Promise<string> {
  return deps.database.transaction(async (query) => {
    if (await findUser(query, { email })) throw addressUsed();
    const userId = await auth.createUser(query, { email, name: name ?? nameOf(email), passwordHash });
    await become(query, userId);
    return userId;
  });
}

async function signIn(context: Context, { email, password }: { email: string; password: string }, request: Request): Promise<{ headers: Headers; userId: string }> {
  const { deps, auth } = context;
  const address = addressOf(request);
  await countAttempt(deps, 'sign-in-address', address);
  await countAttempt(deps, 'sign-in-account', email);
  const signedIn = await auth.signIn({ email, password }, request.headers);
  if (!signedIn) throw new AppError('not_signed_in', 'The address or the password is not right. Try again, ask for a sign-in link, or set a new password.', { errors: [{ pointer: '/password', detail: 'does not belong to this address' }] });
  await forgetAttempts(deps, 'sign-in-account', email);
  await forgiveAttempt(deps, 'sign-in-address', address);
  await settle(context, signedIn.userId);
  return signedIn;
}

async function sendMagicLink(context: Context, input: { email: string; next: string }, request: Request): Promise<void> {
  const { deps, auth, parts } = context;
  const email = parseEmail(input.email);
  await countMail(context, email, request);
  const { kysely } = deps.database;
  if (!(await findUser(kysely, { email }) ?? await findUnclaimedDeveloper(kysely, email))) return;
  await auth.sendMagicLink({ email, next: ownPath(input.next, '/dashboard') }, request.headers);
  void parts.mailbox.deliver();
}

async function acceptFirstOwner(context: Context, input: { token: string; email: string; password: string; name?: string }, request: Request): Promise<{ headers: Headers }> {
  const { deps } = context;
  await requireFirstOwnerToken(deps.database.kysely, deps, input.token);
  const email = parseEmail(input.email);
  return enter(context, { email, password: input.password, name: parseName(input.name) }, request, async (query, userId) => {
    await requireFirstOwnerToken(query, deps, input.token);
    await forgetFirstOwnerToken(query);
    await addMember(query, deps, { userId, email, role: 'owner' });
  });
}

async function acceptInvitation(context: Context, input: { token: string; password: string; name?: string }, request: Request): Promise<{ headers: Headers }> {
  const { deps } = context;
  const now = deps.clock.now();
  const invitation = await findInvitation(deps.database.kysely, { token: input.token, now });
  if (!invitation) throw invitationOver();
  const { id, email, consumer_id: consumerId, role } = invitation;
  return enter(context, { email, password: input.password, name: parseName(input.name) }, request, async (query, userId) => {
    await useInvitation(query, { id, now });
    if (consumerId === null) await addMember(query, deps, { userId, email, role: role as Role });
    else await joinConsumer(query, deps, { userId, email, consumerId });
  });
}

/** Who has a session or the right password becomes it as they are; a new address gets a user. Nothing is kept when `become` throws. */
async function enter(context: Context, { email, password, name }: { email: string; password: string; name: string | undefined }, request: Request, become: (query: Parameters<Auth['createUser']>[0], userId: string) => Promise<void>): Promise<{ headers: Headers }> {
  const { deps, auth } = context;
  const known = await findUser(deps.database.kysely, { email });
  if (!known) {
    const passwordHash = await auth.hashPassword(parsePassword(password));
    const userId = await createUser(context, { email, name, passwordHash }, become);
    await postVerification(context, { id: userId, email }, undefined);
    return { headers: (await signIn(context, { email, password }, request)).headers };
  }
  const session = await auth.findUser(request.headers);
  const headers = session?.id === known.id ? new Headers() : (await signIn(context, { email, password }, request)).headers;
  await deps.database.transaction((query) => become(query, known.id));
  await settle(context, known.id);
  return { headers };
}

async function settle({ deps, parts }: Pick<Context, 'deps' | 'parts'>, userId: string): Promise<void> {
  if (await deps.database.transaction((query) => settlePerson(query, deps, userId))) await parts.credentialsChanged();
}

async function postVerification({ deps, parts, auth }: Context, user: { id: string; email: string }, next: string | undefined): Promise<void> {
  const link = accountLinks.verifyEmail(deps.config.webUrl, await auth.verificationToken(user), ownPath(next, '/dashboard'));
  await parts.mailbox.post(deps.database.kysely, messages.verifyEmail({ to: user.email, portal: await parts.portalName(), link }));
  void parts.mailbox.deliver();
}

async function countMail({ deps }: Context, email: string, request: Request): Promise<void> {
  await countAttempt(deps, 'mail-address', addressOf(request));
  await countAttempt(deps, 'mail-account', email);
}

/** The web server has replaced X-Forwarded-For by the one address that can be believed. */
const addressOf = (request: Request): string => request.headers.get('x-forwarded-for') ?? 'unknown';
const nameOf = (email: string): string => email.split('@')[0]!;

function linkOver(): AppError {
  return refusal('/token', 'This link was used or has expired. Ask for a new one.');
}

function addressUsed(): AppError {
  const detail = 'There is an account with this address already. Sign in, have a sign-in link sent to it, or set a new password.';
  return new AppError('conflict', detail, { errors: [{ pointer: '/email', detail }] });
}
