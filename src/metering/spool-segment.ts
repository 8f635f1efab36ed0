// The spool's files and its framing, which writer and reader share.
import { Buffer } from 'node:buffer';
import { readdir } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { SpoolRecord } from '../domain/request-event.ts';
import { readRequestLine, requestLine, requestMark } from './request-line.ts';

export interface SegmentName {
  /** Grows with each gateway process. */
  epoch: number;
  thread: number;
  /** Grows within one epoch and thread. */
  number: number;
}

export const newline = 0x0a;
/** Longest record, framing included. */
export const recordBytesMax = 256 * 1024;
/** Octets of a framed line before its record. */
export const frameBytes = 9;
const hexDigits = '0123456789abcdef';
/** The line that closes a segment: nothing follows it. */
export const endMark = Buffer.from(frame('end'));

/** `00000007-01-000042.spool`: names sort in the order of epoch, thread and number. */
export function formatSegmentName({ epoch, thread, number }: SegmentName): string {
  return `${String(epoch).padStart(8, '0')}-${String(thread).padStart(2, '0')}-${String(number).padStart(6, '0')}.spool`;
}

export function parseSegmentName(name: string): SegmentName | undefined {
  const match = /^(\d{8})-(\d{2})-(\d{6})\.spool$/.exec(name);
  return match ? { epoch: Number(match[1]), thread: Number(match[2]), number: Number(match[3]) } : undefined;
}

/** Names of the folder's segments, oldest first. */
export async function listSegments(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => parseSegmentName(name)).sort();
}

/** The segments that are followed by a later one of their thread, or by a later epoch: nobody writes to them any more. */
export function findClosedSegments(segments: string[]): Set<string> {
  const names = segments.map((segment) => ({ segment, ...parseSegmentName(segment)! }));
  const newestEpoch = Math.max(...names.map(({ epoch }) => epoch));
  const last = new Map<string, number>();
  for (const { epoch, thread, number } of names) last.set(`${epoch}-${thread}`, Math.max(number, last.get(`${epoch}-${thread}`) ?? 0));
  return new Set(names.filter(({ epoch, thread, number }) => epoch < newestEpoch || number < last.get(`${epoch}-${thread}`)!).map(({ segment }) => segment));
}

/** One line: CRC-32 of the record in 8 hex digits, a space, the record as text, a newline. */
export function frame(text: string): string {
  const octets = Buffer.allocUnsafe(frameRoom(text));
  return octets.toString('utf8', 0, writeFrame(octets, 0, text));
}

/** Writes the framed line at `at`, where there is room for `frameRoom` of the text. @returns where it ends */
export function writeFrame(octets: Buffer, at: number, text: string): number {
  const begin = at + frameBytes;
  const end = begin + octets.write(text, begin);
  let sum = crc32(octets.subarray(begin, end));
  for (let place = begin - 2; place >= at; place--) {
    octets[place] = hexDigits.charCodeAt(sum & 15);
    sum >>>= 4;
  }
  octets[begin - 1] = 0x20;
  octets[end] = newline;
  return end + 1;
}

/** Most octets that a text becomes. */
export function frameRoom(text: string): number {
  return frameBytes + 3 * text.length + 1;
}

/** A request as a line of columns where they can hold it, everything else as JSON. */
export function recordText(record: SpoolRecord): string {
  return (record.kind === 'request' ? requestLine(record) : null) ?? JSON.stringify(record);
}

/** The record of a line (without its newline), `'end'` for the end mark, or undefined when the line is damaged. */
export function unframe(line: Buffer): SpoolRecord | 'end' | undefined {
  if (!isWhole(line)) return undefined;
  if (isRequestLine(line)) return { kind: 'request', ...readRequestLine(line.toString('latin1', frameBytes)) };
  const text = line.toString('utf8', frameBytes);
  return text === 'end' ? 'end' : (JSON.parse(text) as SpoolRecord);
}

/** The line is as it was written. */
export function isWhole(line: Buffer): boolean {
  if (line.length <= frameBytes || line[frameBytes - 1] !== 0x20) return false;
  let said = 0;
  for (let place = 0; place < frameBytes - 1; place++) said = said * 16 + hexValue(line[place]!);
  return crc32(line.subarray(frameBytes)) === said;
}

export function isRequestLine(line: Buffer): boolean {
  return line[frameBytes] === requestMark.charCodeAt(0) && line[frameBytes + 1] === requestMark.charCodeAt(1);
}

function hexValue(octet: number): number {
  return octet >= 0x30 && octet <= 0x39 ? octet - 0x30 : octet >= 0x61 && octet <= 0x66 ? octet - 0x57 : NaN;
}
