// Prepaid money of consumers: granted by the producer, drawn by invoices (draw-credit.ts).
import { addDecimals } from '../../domain/decimal.ts';
import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { actorName, requireConsumer, requireRight } from '../rights.ts';
import type { Actor, CreditGrant, Credits } from '../services.ts';
import { invalid, parseAmount, parseCurrency } from './amount-input.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random'>;

const grantsShown = 200;
const reasonMax = 200;
const hasSome = (amount: string): boolean => /[1-9]/.test(amount);

export function createCredits(deps: Deps): Credits {
  const { kysely } = deps.database;
  return {
    async list(actor, { consumerId }) {
      requireConsumer(actor, consumerId, 'workspace.read');
      return listCredits(kysely, consumerId, deps.clock.now());
    },
    grant: (actor, input) => grantCredit(deps, actor, input),
    withdraw: (actor, input) => withdrawCredit(deps, actor, input),
  };
}

export async function listCredits(query: Query, consumerId: string, now: number): ReturnType<Credits['list']> {
  const rows = await query.selectFrom('credit_grant').selectAll().where('consumer_id', '=', consumerId).orderBy('id', 'desc').limit(grantsShown).execute();
  const grants = rows.map((row) => shown(row, now)).sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity) || (a.id < b.id ? -1 : 1));
  const left = new Map<string, string>();
  for (const grant of grants) if (!isOver(grant)) left.set(grant.currency, addDecimals(left.get(grant.currency) ?? '0', grant.remaining));
  return { grants, left: [...left].map(([currency, amount]) => ({ currency, amount })) };
}

async function grantCredit(deps: Deps, actor: Actor, input: Parameters<Credits['grant']>[1]): Promise<CreditGrant> {
  requireRight(actor, 'billing.change');
  const now = deps.clock.now();
  const currency = parseCurrency(input.currency);
  const amount = parseAmount(input.amount, currency, { least: 'above-zero' });
  const reason = input.reason.trim();
  if (reason === '' || reason.length > reasonMax) throw invalid('/reason', `must say why, in at most ${reasonMax} characters`);
  const expiresAt = input.expiresAt ?? null;
  if (expiresAt !== null && (!Number.isInteger(expiresAt) || expiresAt <= now)) throw invalid('/expiresAt', 'must be in the future');
  const row = { id: newId('creditGrant', now, deps.random), consumer_id: input.consumerId, currency, amount, remaining: amount, reason, granted_at: now, granted_by: actorName(actor), expires_at: expiresAt };
  await deps.database.transaction(async (query) => {
    const consumer = await query.selectFrom('consumer').select('name').where('id', '=', input.consumerId).executeTakeFirst();
    if (!consumer) throw new AppError('not_found', `There is no consumer ${input.consumerId}.`);
    await query.insertInto('credit_grant').values(row).execute();
    await recordActivity(query, deps, { consumerId: input.consumerId, actor: actorName(actor), kind: 'credit.granted', subject: row.id, detail: { amount, currency, reason, expiresAt } });
    await recordAudit(query, deps, actor, { action: 'granted', noun: 'credit', subject: row.id, name: consumer.name, before: null, after: { consumer: input.consumerId, amount, currency, reason, expiresAt } });
  });
  return shown(row, now);
}

async function withdrawCredit(deps: Deps, actor: Actor, { grantId }: Parameters<Credits['withdraw']>[1]): Promise<CreditGrant> {
  requireRight(actor, 'billing.change');
  const now = deps.clock.now();
  return deps.database.transaction(async (query) => {
    const row = await query.selectFrom('credit_grant').innerJoin('consumer', 'consumer.id', 'credit_grant.consumer_id').selectAll('credit_grant').select('consumer.name').where('credit_grant.id', '=', grantId).executeTakeFirst();
    if (!row) throw new AppError('not_found', `There is no credit ${grantId}.`);
    const { name, ...grant } = row;
    if (isOver(shown(grant, now))) throw new AppError('conflict', 'Nothing of this credit is left.');
    await query.updateTable('credit_grant').set({ expires_at: now }).where('id', '=', grantId).execute();
    await recordActivity(query, deps, { consumerId: grant.consumer_id, actor: actorName(actor), kind: 'credit.withdrawn', subject: grantId, detail: { remaining: grant.remaining, currency: grant.currency } });
    await recordAudit(query, deps, actor, { action: 'withdrawn', noun: 'credit', subject: grantId, name, before: { remaining: grant.remaining, currency: grant.currency, expiresAt: grant.expires_at }, after: { remaining: grant.remaining, currency: grant.currency, expiresAt: now } });
    return shown({ ...grant, expires_at: now }, now);
  });
}

function shown(row: { id: string; consumer_id: string; currency: string; amount: string; remaining: string; reason: string; granted_at: number; granted_by: string; expires_at: number | null }, now: number): CreditGrant {
  return { id: row.id, consumerId: row.consumer_id, currency: row.currency, amount: row.amount, remaining: row.remaining, reason: row.reason, grantedAt: row.granted_at, grantedBy: row.granted_by, expiresAt: row.expires_at, expired: row.expires_at !== null && row.expires_at <= now };
}

function isOver({ expired, remaining }: Pick<CreditGrant, 'expired' | 'remaining'>): boolean {
  return expired || !hasSome(remaining);
}
