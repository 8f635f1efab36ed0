import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { ErrorPlace } from '../../errors.ts';
import { passwordLength } from './better-auth.ts';

const nameMax = 100;

/** Lower case, trimmed. @throws AppError `input_invalid` that points at `/email`. */
export function parseEmail(text: string): string {
  const email = text.trim().toLowerCase();
  // The same rule as better-auth's: what passes here may sign in there.
  if (email.length > 254 || !z.email().safeParse(email).success) throw refusal('/email', 'This is not an e-mail address. Write it like ada@example.com.');
  return email;
}

/** @throws AppError `input_invalid` that points at `/password`. */
export function parsePassword(password: string): string {
  const { least, most } = passwordLength;
  if (password.length < least) throw refusal('/password', `The password is too short: use at least ${least} characters.`);
  if (password.length > most) throw refusal('/password', `The password is too long: use at most ${most} characters.`);
  return password;
}

/** Trimmed; undefined when empty. @throws AppError `input_invalid` that points at `/name`. */
export function parseName(name: string | undefined): string | undefined {
  const trimmed = name?.replaceAll(/\p{Cc}/gu, ' ').trim();
  if (!trimmed) return undefined;
  if (trimmed.length > nameMax) throw refusal('/name', `The name is too long: use at most ${nameMax} characters.`);
  return trimmed;
}

/** Addresses at these are persons, not companies. */
const mailProviders = new Set(['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'yahoo.com', 'icloud.com', 'me.com', 'proton.me', 'protonmail.com', 'gmx.de', 'gmx.net', 'web.de', 'mail.ru', 'qq.com', '163.com', 'aol.com', 'fastmail.com']);

/** `ada` of ada@gmail.com, `example.com` of ada@example.com. */
export function consumerNameOf(email: string): string {
  const [local, domain] = email.split('@') as [string, string];
  return mailProviders.has(domain) ? local : domain;
}

/** An own path to go on to; anything that could leave this site is dropped. */
export function ownPath(next: string | undefined, otherwise: string): string {
  if (next === undefined || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next)) return otherwise;
  const url = URL.parse(next, 'http://own.invalid');
  // `/.//evil.example` becomes `//evil.example`, which leaves the site again.
  return url?.origin === 'http://own.invalid' && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : otherwise;
}

export function refusal(pointer: string, detail: string): AppError {
  const errors: ErrorPlace[] = [{ pointer, detail }];
  return new AppError('input_invalid', detail, { errors });
}
