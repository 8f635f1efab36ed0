import { STATUS_CODES } from 'node:http';
import type { Fields } from '../fields.ts';

/** How the body of an answer is sent. */
export type AnswerBody = 'none' | 'length' | 'chunked' | 'until-close';

export interface AnswerHead {
  text: string;
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
  keepAliveSeconds: number;
  /** Of now, as a field value. */
  date: string;
}

const unsafe = /[^\t\x20-\x7e\x80-\xff]/g;

/** The head of a final answer: what its maker said, and how it is framed (RFC 9112 section 6). @param reason empty for the usual one */
export function answerHead(status: number, reason: string, fields: Fields, context: AnswerContext): AnswerHead {
  const bodiless = context.isHead || status === 204 || status === 304;
  let text = interimHead(status, reason, fields);
  let length = -1;
  let dated = false;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    if (name.length === 14 && (name === 'Content-Length' || name.toLowerCase() === 'content-length')) length = Number(fields[i + 1]);
    else if (name.length === 4 && (name === 'Date' || name.toLowerCase() === 'date')) dated = true;
  }
  if (!dated) text += `Date: ${context.date}\r\n`;
  const body = bodiless ? 'none' : length >= 0 ? 'length' : context.minor === 0 ? 'until-close' : 'chunked';
  const closes = context.closes || body === 'until-close';
  text += closes ? 'Connection: close\r\n' : `Connection: keep-alive\r\nKeep-Alive: timeout=${context.keepAliveSeconds}\r\n`;
  text += body === 'chunked' ? 'Transfer-Encoding: chunked\r\n\r\n' : '\r\n';
  return { text, body, length: body === 'length' ? length : 0, closes };
}

/** The status line and the fields, without the empty line that ends a head. */
export function interimHead(status: number, reason: string, fields: Fields): string {
  const text = linesOf(status, reason, fields);
  return isSafe(text, 1 + fields.length / 2) ? text : linesOf(status, reason.replace(unsafe, '?'), fields.map((part) => part.replace(unsafe, '?')));
}

function linesOf(status: number, reason: string, fields: Fields): string {
  let text = `HTTP/1.1 ${status} ${reason === '' ? (STATUS_CODES[status] ?? '') : reason}\r\n`;
  for (let i = 0; i < fields.length; i += 2) text += `${fields[i]!}: ${fields[i + 1]!}\r\n`;
  return text;
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
