// The only file that knows better-auth: users, passwords, sessions and the tokens in mailed links.
import { Buffer } from 'node:buffer';
import { betterAuth } from 'better-auth';
import type { BetterAuthOptions } from 'better-auth';
import { createEmailVerificationToken, isAPIError } from 'better-auth/api';
import { getAdapter } from 'better-auth/db/adapter';
import { magicLink } from 'better-auth/plugins/magic-link';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';

export const passwordLength = { least: 10, most: 128 };
const day = 86_400;

export interface AuthUser { id: string; email: string; name: string; verified: boolean }

/** How passwords are hashed. The tests use a quick one. */
export interface PasswordHash {
  hash(password: string): Promise<string>;
  verify(input: { hash: string; password: string }): Promise<boolean>;
}

export interface Auth {
  handler(request: Request): Promise<Response>;
  /** Undefined without a valid session. */
  findUser(headers: Headers): Promise<AuthUser | undefined>;
  hashPassword(password: string): Promise<string>;
  /** In the caller's transaction. @throws the store's error when the address is used. */
  createUser(query: Query, input: { email: string; name: string; passwordHash: string }): Promise<string>;
  /** Undefined when address or password is wrong. */
  signIn(input: { email: string; password: string }, headers: Headers): Promise<{ headers: Headers; userId: string } | undefined>;
  signOut(headers: Headers): Promise<Headers>;
  sendMagicLink(input: { email: string; next: string }, headers: Headers): Promise<void>;
  /** Makes the user when the address has none. Undefined when the token is unknown, used or expired. */
  consumeMagicLink(token: string, headers: Headers): Promise<{ headers: Headers; userId: string } | undefined>;
  /** A token that `verifyEmail` takes, for 24 hours. */
  verificationToken(user: Pick<AuthUser, 'id' | 'email'>): Promise<string>;
  /** Answers the address that is verified now; undefined when the token is invalid or expired. */
  verifyEmail(token: string, headers: Headers): Promise<string | undefined>;
  requestPasswordReset(email: string, headers: Headers): Promise<void>;
  changeName(userId: string, name: string): Promise<void>;
  /** Ends every other session; answers the cookies of a new one. Undefined when the current password is wrong. */
  changePassword(input: { current: string; password: string }, headers: Headers): Promise<{ headers: Headers } | undefined>;
  /** Ends every session of the user. Answers the user's id; undefined when the token is unknown, used or expired. */
  resetPassword(input: { token: string; password: string }): Promise<string | undefined>;
}

export interface AuthLetters {
  magicLink(input: { email: string; token: string; next: string }): Promise<void>;
  resetPassword(input: { email: string; token: string }): Promise<void>;
}

type Deps = Pick<ControlDeps, 'config' | 'secret' | 'database' | 'log'>;

export function createAuth(deps: Deps, parts: { letters: AuthLetters; passwordHash?: PasswordHash | undefined }): Auth {
  const options = authOptions(deps, parts);
  const auth = betterAuth(options);
  const { api } = auth;
  return {
    handler: auth.handler,
    findUser: async (headers) => {
      const session = await api.getSession({ headers });
      return session ? { id: session.user.id, email: session.user.email, name: session.user.name, verified: session.user.emailVerified } : undefined;
    },
    hashPassword: async (password) => (await auth.$context).password.hash(password),
    createUser: async (query, { email, name, passwordHash }) => {
      const adapter = await getAdapter({ ...options, database: { db: query as never, type: deps.database.engine } });
      const times = { createdAt: new Date(), updatedAt: new Date() };
      const user = await adapter.create({ model: 'user', data: { email, name, emailVerified: false, ...times } });
      await adapter.create({ model: 'account', data: { userId: user.id, accountId: user.id, providerId: 'credential', password: passwordHash, ...times } });
      return user.id;
    },
    signIn: (input, headers) => refusedAsUndefined(async () => {
      const answer = await api.signInEmail({ body: input, headers, returnHeaders: true });
      return { headers: cookiesOf(answer.headers), userId: answer.response.user.id };
    }),
    signOut: async (headers) => cookiesOf((await api.signOut({ headers, returnHeaders: true })).headers),
    sendMagicLink: async ({ email, next }, headers) => {
      await api.signInMagicLink({ body: { email, metadata: { next } }, headers });
    },
    consumeMagicLink: (token, headers) => refusedAsUndefined(async () => {
      const answer = await api.magicLinkVerify({ query: { token }, headers, returnHeaders: true });
      return { headers: cookiesOf(answer.headers), userId: answer.response.user.id };
    }),
    verificationToken: async ({ id, email }) => createEmailVerificationToken((await auth.$context).secret, email, undefined, day, { userId: id }),
    verifyEmail: (token, headers) => refusedAsUndefined(async () => {
      await api.verifyEmail({ query: { token }, headers });
      // The signature was checked above; the address is needed also when it was verified before.
      return (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { email: string }).email;
    }),
    requestPasswordReset: async (email, headers) => {
      await api.requestPasswordReset({ body: { email }, headers });
    },
    changeName: async (userId, name) => {
      await (await auth.$context).internalAdapter.updateUser(userId, { name });
    },
    changePassword: ({ current, password }, headers) => refusedAsUndefined(async () => {
      const answer = await api.changePassword({ body: { currentPassword: current, newPassword: password, revokeOtherSessions: true }, headers, returnHeaders: true });
      return { headers: cookiesOf(answer.headers) };
    }),
    resetPassword: ({ token, password }) => refusedAsUndefined(async () => {
      const { internalAdapter } = await auth.$context;
      const userId = (await internalAdapter.findVerificationValue(`reset-password:${token}`))?.value;
      await api.resetPassword({ body: { token, newPassword: password } });
      // The token came by mail, the old password and every session are gone: the address is proven.
      await internalAdapter.updateUser(userId!, { emailVerified: true });
      return userId;
    }),
  };
}

/** Also what better-auth judges our tables by. */
export function authOptions({ config, secret, database, log }: Deps, { letters, passwordHash }: { letters: AuthLetters; passwordHash?: PasswordHash | undefined }) {
  return {
    database: { db: database.kysely as never, type: database.engine },
    secret,
    baseURL: config.webUrl,
    basePath: '/api/auth',
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level: string, message: string, ...details: unknown[]) => log.error({ details }, `accounts: ${message}`) },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
      resetPasswordTokenExpiresIn: 3600,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }: { user: { email: string }; token: string }) => letters.resetPassword({ email: user.email, token }),
      ...(passwordHash ? { password: passwordHash } : {}),
    },
    session: { expiresIn: 30 * day, updateAge: day },
    verification: { storeIdentifier: 'hashed' },
    rateLimit: { enabled: true, storage: 'database', window: 60, max: 60 },
    advanced: { cookiePrefix: 'portico', useSecureCookies: config.webUrl.startsWith('https:'), disableCSRFCheck: false, disableOriginCheck: false },
    plugins: [magicLink({
      expiresIn: 900,
      storeToken: 'hashed',
      sendMagicLink: ({ email, token, metadata }) => letters.magicLink({ email, token, next: String(metadata?.next ?? '') }),
    })],
  } as const satisfies BetterAuthOptions;
}

/** An expected refusal answers undefined; a fault is thrown on. Redirects of the link endpoints are refusals too: a success answers with data. */
async function refusedAsUndefined<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (isAPIError(error) && error.statusCode < 500) return undefined;
    throw error;
  }
}

function cookiesOf(headers: Headers): Headers {
  const cookies = new Headers();
  for (const cookie of headers.getSetCookie()) cookies.append('set-cookie', cookie);
  return cookies;
}
