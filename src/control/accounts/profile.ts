// What whoever is signed in changes of their own account.
import { AppError } from '../../errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import type { Accounts } from '../services.ts';
import { parseName, parsePassword, refusal } from './account-input.ts';
import { countAttempt } from './attempts.ts';
import type { Auth, AuthUser } from './better-auth.ts';

export function createProfile(deps: Pick<ControlDeps, 'database' | 'clock' | 'random'>, auth: Auth): Pick<Accounts, 'changeName' | 'changePassword'> {
  const { kysely } = deps.database;
  return {
    changeName: async (input, request) => {
      const user = await signedIn(auth, request);
      const name = parseName(input.name);
      if (name === undefined) throw refusal('/name', 'The name is empty.');
      if (name === user.name) return;
      await auth.changeName(user.id, name);
      await recordAudit(kysely, deps, await auditActor(deps, user), { action: 'renamed', noun: 'account', subject: user.id, name: user.email, before: { name: user.name }, after: { name } });
    },
    changePassword: async ({ current, password }, request) => {
      const user = await signedIn(auth, request);
      parsePassword(password);
      await countAttempt(deps, 'sign-in-account', user.email);
      const changed = await auth.changePassword({ current, password }, request.headers);
      if (!changed) throw refusal('/current', 'This is not your present password.');
      await recordAudit(kysely, deps, await auditActor(deps, user), { action: 'password-changed', noun: 'account', subject: user.id, name: user.email, before: null, after: { by: 'the present password', otherSessionsEnded: true } });
      return changed;
    },
  };
}

async function auditActor({ database }: Pick<ControlDeps, 'database'>, user: AuthUser): Promise<{ kind: 'member' | 'developer'; email: string }> {
  const member = await database.kysely.selectFrom('member').select('id').where('user_id', '=', user.id).executeTakeFirst();
  return { kind: member ? 'member' : 'developer', email: user.email };
}

async function signedIn(auth: Auth, request: Request): Promise<AuthUser> {
  const user = await auth.findUser(request.headers);
  if (!user) throw new AppError('not_signed_in', 'Your session is over. Sign in again.');
  return user;
}
