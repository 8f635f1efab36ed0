// The one-time link of the first start. Its token is made of the secret and of a number in the store, so that the same link
// is shown at every start until it is used, and neither the store alone nor an old link opens anything.
import type { Buffer } from 'node:buffer';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { refusal } from './account-input.ts';

const setting = 'first-owner';

/** Undefined once there is a member. */
export async function firstOwnerToken(query: Query, { secret, random }: Pick<ControlDeps, 'secret' | 'random'>): Promise<string | undefined> {
  if (await query.selectFrom('member').select('id').executeTakeFirst()) return undefined;
  await query.insertInto('setting').values({ name: setting, value: JSON.stringify(random(16).toString('hex')) }).onConflict((conflict) => conflict.column('name').doNothing()).execute();
  return presentToken(query, secret);
}

/** @throws AppError `input_invalid` when the token is wrong or was used. */
export async function requireFirstOwnerToken(query: Query, { secret }: Pick<ControlDeps, 'secret'>, token: string): Promise<void> {
  const present = await presentToken(query, secret);
  if (present === undefined || !timingSafeEqual(digest(present), digest(token))) throw refusal('/token', 'This link was used, or it is not the one that the last start printed. The first owner invites everybody else.');
}

export async function forgetFirstOwnerToken(query: Query): Promise<void> {
  await query.deleteFrom('setting').where('name', '=', setting).execute();
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

async function presentToken(query: Query, secret: string): Promise<string | undefined> {
  const row = await query.selectFrom('setting').select('value').where('name', '=', setting).executeTakeFirst();
  return row && createHmac('sha256', secret).update(`first-owner:${row.value}`).digest('base64url');
}
