// "See the portal as they do": a member looks at the portal as one consumer sees it, for a short while, and changes nothing.
import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Actor, Viewing } from '../services.ts';

/** A look ends by itself after this. */
export const viewingMs = 15 * 60_000;

interface Claims { consumerId: string; memberId: string; expiresAt: number }
type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random' | 'secret'>;

export function createViewing(deps: Deps): Viewing {
  const { database, clock, secret } = deps;
  return {
    begin: async (actor, { consumerId }) => {
      const { memberId } = requireViewer(actor);
      return database.transaction(async (query) => {
        const consumer = await query.selectFrom('consumer').select(['id', 'name']).where('id', '=', consumerId).executeTakeFirst();
        if (!consumer) throw new AppError('not_found', 'There is no such account here.');
        const expiresAt = clock.now() + viewingMs;
        await recordAudit(query, deps, actor, { action: 'viewed-as', noun: 'consumer', subject: consumerId, name: consumer.name, before: null, after: { until: expiresAt } });
        return { token: sign(secret, { consumerId, memberId, expiresAt }), expiresAt };
      });
    },
    find: async (actor, token) => {
      const claims = read(secret, token);
      if (!claims || claims.expiresAt <= clock.now() || actor.kind !== 'member' || actor.memberId !== claims.memberId) return undefined;
      requireViewer(actor);
      const consumer = await database.kysely.selectFrom('consumer').select(['id', 'name', 'verified_at', 'blocked_at']).where('id', '=', claims.consumerId).executeTakeFirst();
      if (!consumer) return undefined;
      const developer = await database.kysely.selectFrom('developer').select(['id', 'email']).where('consumer_id', '=', consumer.id).where('removed_at', 'is', null).orderBy('created_at').orderBy('id').executeTakeFirst();
      return {
        actor: { kind: 'developer', developerId: developer?.id ?? '', consumerId: consumer.id, email: developer?.email ?? '', verified: consumer.verified_at !== null, viewedBy: actor.email },
        consumerName: consumer.name, blocked: consumer.blocked_at !== null, expiresAt: claims.expiresAt,
      };
    },
  };
}

function requireViewer(actor: Actor): Extract<Actor, { kind: 'member' }> {
  requireRight(actor, 'consumers.view-as');
  if (actor.kind !== 'member') throw new AppError('role_forbids', 'Only a signed-in member can see the portal as a consumer.');
  return actor;
}

function sign(secret: string, claims: Claims): string {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${signature(secret, body).toString('base64url')}`;
}

function read(secret: string, token: string): Claims | undefined {
  const [body, signed] = token.split('.');
  if (body === undefined || signed === undefined) return undefined;
  const expected = signature(secret, body);
  const sent = Buffer.from(signed, 'base64url');
  return sent.length === expected.length && timingSafeEqual(sent, expected) ? (JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims) : undefined;
}

const signature = (secret: string, body: string): Buffer => createHmac('sha256', secret).update(`viewing:${body}`).digest();
