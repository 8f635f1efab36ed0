// What a key can be limited to: operations, client addresses, and an end.
import { isIP } from 'node:net';
import { addressRanges } from '../../domain/client-address.ts';
import { AppError, type ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';

export const scopesMax = 1_000;
export const addressesMax = 100;

export interface Restrictions { name?: string; expiresAt?: number | null; scopes?: string[] | null; addresses?: string[] | null }

/** Every mistake with its place; null and absent fields set no restriction. */
export function restrictionProblems(input: Restrictions, now: number): ErrorPlace[] {
  const errors: ErrorPlace[] = [];
  if (input.name !== undefined) errors.push(...nameProblems(input.name));
  if (typeof input.expiresAt === 'number' && !(Number.isSafeInteger(input.expiresAt) && input.expiresAt > now)) errors.push({ pointer: '/expiresAt', detail: 'must lie in the future' });
  if (input.scopes && (input.scopes.length === 0 || input.scopes.length > scopesMax)) errors.push({ pointer: '/scopes', detail: 'must hold 1 to 1,000 operations; leave it out to allow all' });
  if (input.addresses && (input.addresses.length === 0 || input.addresses.length > addressesMax)) errors.push({ pointer: '/addresses', detail: 'must hold 1 to 100 addresses; leave it out to allow all' });
  for (const [index, address] of (input.addresses ?? []).entries()) if (!isRange(address)) errors.push({ pointer: `/addresses/${index}`, detail: `line ${index + 1}: "${clip(address)}" is neither an address nor a CIDR range` });
  return errors;
}

function nameProblems(name: string): ErrorPlace[] {
  const length = name.trim().length;
  return length >= 1 && length <= 100 ? [] : [{ pointer: '/name', detail: 'must have 1 to 100 characters' }];
}

/** @throws AppError `input_invalid` that names the first operation that no version of these subscriptions' products has. */
export async function requireKnownOperations(query: Query, subscriptionIds: string[], scopes: string[] | null | undefined): Promise<void> {
  if (!scopes || scopes.length === 0) return;
  const rows = await query
    .selectFrom('operation')
    .innerJoin('version', 'version.id', 'operation.version_id')
    .innerJoin('subscription', 'subscription.product_id', 'version.product_id')
    .select('operation.operation')
    .distinct()
    .where('subscription.id', 'in', subscriptionIds)
    .execute();
  const known = new Set(rows.map(({ operation }) => operation));
  const index = scopes.findIndex((scope) => !known.has(scope));
  if (index < 0) return;
  const detail = `"${clip(scopes[index]!)}" is no operation of what this key opens`;
  throw new AppError('input_invalid', `The key was not saved: ${detail}.`, { errors: [{ pointer: `/scopes/${index}`, detail }] });
}

function isRange(entry: string): boolean {
  try {
    addressRanges([entry]);
    return isIP(entry.split('/')[0]!) !== 0;
  } catch {
    return false;
  }
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
