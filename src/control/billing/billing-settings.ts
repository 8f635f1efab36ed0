import { AppError } from '../../errors.ts';
import { isCountry } from '../../domain/country.ts';
import type { Query } from '../../store/database.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { readSetting, writeSetting } from '../configuration/setting.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Actor, Billing, BillingSettings, Party } from '../services.ts';

const name = 'billing';
const dayMs = 86_400_000;
export const defaultGraceMs = 3_600_000;
const nameMax = 200;
const addressMax = 1_000;
const linesMax = 8;
const prefixMax = 20;
const dueDaysMax = 365;

const defaults: BillingSettings = { seller: { name: '', address: '', country: null, taxId: null, email: null }, numberPrefix: 'INV-', dueDays: 14, graceMs: defaultGraceMs, finalise: 'automatic' };

export async function readBillingSettings(query: Query): Promise<BillingSettings> {
  return { ...defaults, ...(await readSetting<Partial<BillingSettings>>(query, name)) };
}

export async function changeBillingSettings(deps: Pick<ControlDeps, 'database' | 'clock' | 'random'>, actor: Actor, input: Parameters<Billing['changeSettings']>[1]): Promise<BillingSettings> {
  requireRight(actor, 'billing.change');
  const seller = input.seller && checkedParty(input.seller, '/seller');
  const { numberPrefix, dueDays, graceMs, finalise } = input;
  if (numberPrefix !== undefined && (numberPrefix.length > prefixMax || !/^[\w./-]*$/.test(numberPrefix))) throw invalid('/numberPrefix', `The prefix of invoice numbers takes at most ${prefixMax} letters, digits and the signs . / - _`);
  if (dueDays !== undefined && !(Number.isInteger(dueDays) && dueDays >= 0 && dueDays <= dueDaysMax)) throw invalid('/dueDays', `The days until an invoice is due must be a whole number from 0 to ${dueDaysMax}.`);
  if (graceMs !== undefined && !(Number.isInteger(graceMs) && graceMs >= 0 && graceMs <= 7 * dayMs)) throw invalid('/graceMs', 'The grace must be a whole number of milliseconds from 0 to 7 days.');
  return deps.database.transaction(async (query) => {
    const before = await readBillingSettings(query);
    const given = { ...(seller && { seller }), ...(numberPrefix !== undefined && { numberPrefix }), ...(dueDays !== undefined && { dueDays }), ...(graceMs !== undefined && { graceMs }), ...(finalise !== undefined && { finalise }) };
    const after: BillingSettings = { ...before, ...given };
    if (JSON.stringify(after) === JSON.stringify(before)) return before;
    await writeSetting(query, name, after);
    await recordAudit(query, deps, actor, { action: 'changed', noun: 'billing settings', subject: null, name: 'Billing', before: { ...before }, after: { ...after } });
    return after;
  });
}

/** Trimmed, and '' as null. @throws AppError `input_invalid` that names the field */
export function checkedParty({ name: given, address, country, taxId, email }: Party, under = ''): Party {
  const party: Party = { name: given.trim(), address: address.replaceAll(/\r\n?/g, '\n').split('\n').map((line) => line.trim()).join('\n').trim(), country: country?.trim().toUpperCase() || null, taxId: taxId?.trim() || null, email: email?.trim() || null };
  if (party.name.length > nameMax || /[\n\r]/.test(party.name)) throw invalid(`${under}/name`, `The name takes one line of at most ${nameMax} characters.`);
  if (party.address.length > addressMax || party.address.split('\n').length > linesMax) throw invalid(`${under}/address`, `The address takes at most ${linesMax} lines and ${addressMax} characters.`);
  if (party.country !== null && !isCountry(party.country)) throw invalid(`${under}/country`, `"${party.country}" is no country. Give two letters of ISO 3166-1, such as DE.`);
  if (party.taxId !== null && (party.taxId.length > 40 || !/^[\p{L}\p{N} ./-]+$/u.test(party.taxId))) throw invalid(`${under}/taxId`, 'The tax number takes at most 40 letters, digits, spaces and the signs . / -');
  if (party.email !== null && (party.email.length > 320 || !/^[^\s@]+@[^\s@]+$/.test(party.email))) throw invalid(`${under}/email`, 'This is not an e-mail address.');
  return party;
}

export function invalid(pointer: string, detail: string): AppError {
  return new AppError('input_invalid', detail, { errors: [{ pointer, detail }] });
}
