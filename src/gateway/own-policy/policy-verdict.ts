import { Buffer } from 'node:buffer';
import type { PolicyOwnAnswer, PolicyRefusal } from '../../domain/own-policy.ts';
import type { Refusal } from '../call.ts';
import { ChangedHeaders } from './changed-headers.ts';

export interface OwnAnswer { status: number; fields: string[]; body: Buffer }

const detailMax = 2_000;
const reasonMax = 100;
const bodyBytesMax = 1_048_576;

/** What `onRequest` came to, null to go on. @throws TypeError for what is no verdict */
export function readVerdict(value: unknown): { refusal: Refusal } | { answer: OwnAnswer } | null {
  if (value === undefined || value === null) return null;
  if (isObject(value) && isObject(value['refuse'])) return { refusal: refusalOf(value['refuse'] as unknown as PolicyRefusal) };
  if (isObject(value) && isObject(value['answer'])) return { answer: answerOf(value['answer'] as unknown as PolicyOwnAnswer) };
  throw new TypeError('onRequest returned neither nothing, nor `{ refuse }`, nor `{ answer }`');
}

function refusalOf({ status = 403, detail, reason, headers }: PolicyRefusal): Refusal {
  checkStatus(status, 400);
  if (typeof detail !== 'string' || detail === '' || detail.length > detailMax) throw new TypeError(`\`detail\` of a refusal is a text of 1 to ${detailMax} characters`);
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > reasonMax)) throw new TypeError(`\`reason\` of a refusal is a text of at most ${reasonMax} characters`);
  const fields = fieldsOf(headers).filter((_, place, all) => !ofDocument.has(all[place - (place % 2)]!.toLowerCase()));
  return { code: 'policy_refused', status, detail, fields, ...(reason !== undefined && { members: { reason } }) };
}

const ofDocument = new Set(['content-type', 'cache-control']);

function answerOf({ status, headers, body = '' }: PolicyOwnAnswer): OwnAnswer {
  checkStatus(status, 200);
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) throw new TypeError('`body` of an answer is text or a Uint8Array');
  const octets = Buffer.from(body);
  if (octets.length > bodyBytesMax) throw new RangeError(`\`body\` of an answer has at most ${bodyBytesMax} bytes`);
  if (octets.length > 0 && (status === 204 || status === 304)) throw new TypeError(`an answer with the status ${status} has no body`);
  const fields = fieldsOf(headers);
  if (octets.length > 0 && !fields.some((name, place) => place % 2 === 0 && name.toLowerCase() === 'content-type')) fields.push('Content-Type', typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream');
  return { status, fields, body: octets };
}

function checkStatus(status: unknown, least: number): void {
  if (!Number.isInteger(status) || (status as number) < least || (status as number) > 599) throw new TypeError(`\`status\` is ${String(status)}, but it must be a whole number from ${least} to 599`);
}

function fieldsOf(headers: Record<string, string> = {}): string[] {
  const fields: string[] = [];
  const changed = new ChangedHeaders(fields, 'response');
  for (const [name, value] of Object.entries(headers)) changed.set(name, value);
  return fields;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
