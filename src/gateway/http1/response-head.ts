import type { Buffer } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import type { Fields } from '../fields.ts';
import { cr, lf, tab } from './octets.ts';

/** How the body of an answer is sent. */
export type AnswerBody = 'none' | 'length' | 'chunked' | 'until-close';

export interface AnswerHead {
  status: number;
  reason: string;
  fields: Fields;
  /** What the gateway says of connection and framing: whole lines, and the empty one that ends the head. */
  framing: string;
  body: AnswerBody;
  /** Of a body of kind `length`, else 0. */
  length: number;
  closes: boolean;
}

export interface AnswerContext {
  /** Of the client's HTTP/1. */
  minor: number;
  isHead: boolean;
  /** No other request will be answered on the connection. */
  closes: boolean;
  /** The lines of a connection that stays open. */
  keepAlive: string;
  /** Of now, as a field value. */
  date: string;
}

const usualReasons: (string | undefined)[] = Array.from({ length: 1000 }, (_, status) => STATUS_CODES[status]);
const statusLines: (string | undefined)[] = Array.from({ length: 1000 });
const unsafe = /[^\t\x20-\x7e\x80-\xff]/g;

/** The head of a final answer: what its maker said, and how it is framed (RFC 9112 section 6). @param reason empty for the usual one */
export function answerHead(status: number, reason: string, fields: Fields, context: AnswerContext): AnswerHead {
  const bodiless = context.isHead || status === 204 || status === 304;
  let length = -1;
  let dated = false;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    if (name.length === 14 && (name === 'Content-Length' || name.toLowerCase() === 'content-length')) length = Number(fields[i + 1]);
    else if (name.length === 4 && (name === 'Date' || name.toLowerCase() === 'date')) dated = true;
  }
  const body = bodiless ? 'none' : length >= 0 ? 'length' : context.minor === 0 ? 'until-close' : 'chunked';
  const closes = context.closes || body === 'until-close';
  let framing = closes ? 'Connection: close\r\n' : context.keepAlive;
  if (!dated) framing = `Date: ${context.date}\r\n${framing}`;
  framing += body === 'chunked' ? 'Transfer-Encoding: chunked\r\n\r\n' : '\r\n';
  return { status, reason, fields, framing, body, length: body === 'length' ? length : 0, closes };
}

/** The whole head. */
export function headText({ status, reason, fields, framing }: AnswerHead): string {
  return interimHead(status, reason, fields) + framing;
}

/** Writes the whole head at the beginning of a buffer. @returns its length, or -1 when it does not fit */
export function writeHead(head: AnswerHead, buffer: Buffer): number {
  const { status, reason, fields, framing } = head;
  const lines = linesOf(status, reason, fields);
  if (lines.length + framing.length > buffer.length) return -1;
  const length = buffer.write(lines + framing, 0, 'latin1');
  return areSafe(buffer, lines.length, 1 + fields.length / 2) ? length : buffer.write(headText(head), 0, 'latin1');
}

/** The status line and the fields, without the empty line that ends a head. */
export function interimHead(status: number, reason: string, fields: Fields): string {
  const text = linesOf(status, reason, fields);
  return isSafe(text, 1 + fields.length / 2) ? text : linesOf(status, reason.replace(unsafe, '?'), fields.map((part) => part.replace(unsafe, '?')));
}

function linesOf(status: number, reason: string, fields: Fields): string {
  let text = reason === '' || reason === usualReasons[status] ? statusLine(status) : `HTTP/1.1 ${status} ${reason}\r\n`;
  for (let i = 0; i < fields.length; i += 2) text += `${fields[i]!}: ${fields[i + 1]!}\r\n`;
  return text;
}

function statusLine(status: number): string {
  return statusLines[status] ??= `HTTP/1.1 ${status} ${usualReasons[status] ?? ''}\r\n`;
}

/** No field brings a line of its own, nor a character that is no octet: nobody can put words into an answer's head. */
function isSafe(text: string, lines: number): boolean {
  let ends = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20) {
      if (code === 0x0a) ends++;
      else if (code !== 0x09 && (code !== 0x0d || text.charCodeAt(i + 1) !== 0x0a)) return false;
    } else if (code > 0xff || code === 0x7f) return false;
  }
  return ends === lines;
}

/** The same of octets, which are looked at faster. A character that is no octet was cut to one; that it became no line shows here. */
function areSafe(octets: Buffer, length: number, lines: number): boolean {
  let ends = 0;
  for (let i = 0; i < length; i++) {
    const octet = octets[i]!;
    if (octet < 0x20) {
      if (octet === lf) ends++;
      else if (octet !== tab && (octet !== cr || octets[i + 1] !== lf)) return false;
    } else if (octet === 0x7f) return false;
  }
  return ends === lines;
}
