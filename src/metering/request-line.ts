// Requests as lines of columns: written and read without JSON, and loaded by the event store as they stand in the spool.
import { Buffer } from 'node:buffer';
import type { RequestEvent } from '../domain/request-event.ts';

/** A line begins so; its columns are the event store's `lineColumns`. What the ledger groups by stands together there. */
export const requestMark = 'r\t';
/** Between the names of `fields`. */
export const nameSeparator = '\x1f';

/** Characters that would end a column, and halves of characters, which UTF-8 cannot hold. */
// oxlint-disable-next-line no-control-regex -- these are what ends a column or a line
const unfit = /[\t\n\r\0\x1f\ud800-\udfff]/;

/** The line, or null for what only JSON holds exactly. */
export function requestLine(event: RequestEvent): string | null {
  const { operation, version, userAgent, fields, units } = event;
  if (!fits(operation) || !fits(version) || !fits(userAgent) || !Number.isInteger(event.at)) return null;
  const names = fields.length === 0 ? '' : fields.join(nameSeparator);
  if (fields.length > 0 && !namesFit(fields)) return null;
  return `${requestMark}${event.id}\t${timeText(event.at)}\t${event.consumerId}\t${event.keyId}\t${event.subscriptionId ?? ''}\t${operation ?? ''}\t${version ?? ''}\t${event.mode}\t${event.origin}\t${event.upstreamStatus ?? ''}\t${event.requestBytes}\t${event.responseBytes}\t${hasUnits(units) ? JSON.stringify(units) : ''}\t${event.status}\t${event.productId}\t${event.developerId}\t${event.planRevisionId ?? ''}\t${event.method}\t${event.code ?? ''}\t${decimal(event.durationMs)}\t${event.upstreamMs === null ? '' : decimal(event.upstreamMs)}\t${userAgent ?? ''}\t${names}\t${event.open ? '1' : '0'}`;
}

/** What follows the point, by thousandths. */
const thousandths = Array.from({ length: 1000 }, (_, value) => String(value / 1000).slice(1));

/** As `String` writes it, but several times as fast for what has three digits behind the point. */
function decimal(value: number): string {
  const scaled = Math.round(value * 1000);
  if (scaled >= 0 && scaled < 0x7fff_ffff && scaled / 1000 === value) return `${Math.trunc(scaled / 1000)}${thousandths[scaled % 1000]!}`;
  return String(value);
}

let lastAt = NaN;
let lastAtText = '';

/** Many calls share a millisecond. */
function timeText(at: number): string {
  if (at !== lastAt) {
    lastAt = at;
    lastAtText = String(at);
  }
  return lastAtText;
}

function fits(text: string | null): boolean {
  return text === null || (text !== '' && !unfit.test(text));
}

function namesFit(names: readonly string[]): boolean {
  for (const name of names) if (name === '' || unfit.test(name)) return false;
  return true;
}

function hasUnits(units: Record<string, string>): boolean {
  for (const _ in units) return true;
  return false;
}

/** @param line of `requestLine`, its octets as characters (latin1) */
export function readRequestLine(line: string): RequestEvent {
  const part = decoded(line).split('\t');
  const text = (place: number): string | null => part[place]! || null;
  const number = (place: number): number | null => (part[place] === '' ? null : Number(part[place]));
  return {
    id: part[1]!, at: Number(part[2]), productId: part[15]!, version: text(7), operation: text(6), method: part[18]!, status: Number(part[14]), code: text(19), upstreamStatus: number(10),
    keyId: part[4]!, consumerId: part[3]!, developerId: part[16]!, subscriptionId: text(5), planRevisionId: text(17), mode: part[8] as RequestEvent['mode'], origin: part[9] as RequestEvent['origin'],
    requestBytes: Number(part[11]), responseBytes: Number(part[12]), durationMs: Number(part[20]), upstreamMs: number(21), userAgent: text(22),
    fields: part[23] === '' ? [] : part[23]!.split(nameSeparator), units: part[13] === '' ? {} : (JSON.parse(part[13]!) as Record<string, string>), open: part[24] === '1',
  };
}

/** Text whose UTF-8 octets came as characters. */
export function decoded(text: string): string {
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}

/** Where a column begins; `from` is where an earlier one does. */
export function columnAfter(line: string, from: number, columns: number): number {
  let at = from;
  for (let left = columns; left > 0; left--) at = line.indexOf('\t', at) + 1;
  return at;
}
