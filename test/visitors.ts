// People without a browser: a session, forms that are posted, and what every answer holds.
import assert from 'node:assert/strict';
import type { BrowserContext } from 'playwright-core';
import { password } from './people.ts';
import type { Portico } from './portico.ts';

export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  cookie(): string;
}

export interface Answer { status: number; text: string; headers: Headers; location: string | null }

/** Comes from the address that Portico itself runs on; redirects are not followed. */
export function visit(portico: Pick<Portico, 'webUrl'>, origin = portico.webUrl): Visitor {
  const jar = new Map<string, string>();
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(portico.webUrl + path, { ...init, redirect: 'manual', headers: { accept: 'text/html', cookie: cookieOf(jar), ...(init.headers as Record<string, string>) } });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return { status: response.status, text: await response.text(), headers: response.headers, location: response.headers.get('location') };
  };
  return {
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, form, headers = {}) => send(path, { method: 'POST', body: new URLSearchParams(form), headers: { origin, ...headers } }),
    cookie: () => cookieOf(jar),
  };
}

/** Signs up and answers the first key. */
export async function signUpBy(visitor: Visitor, email: string): Promise<string> {
  const answer = await visitor.post('/sign-up', { email, password });
  assert.equal(answer.status, 302, `${email} signs up: ${answer.text.slice(0, 200)}`);
  return /first_key=[a-z0-9-]+\.([a-z0-9]+_(?:live|test)_[0-9A-Za-z]+)/.exec(visitor.cookie())![1]!;
}

/** Gives a browser the session of a visitor. */
export async function enterAs(context: BrowserContext, { webUrl }: Pick<Portico, 'webUrl'>, visitor: Visitor): Promise<void> {
  const pairs = visitor.cookie().split('; ').filter((pair) => pair !== '');
  await context.addCookies(pairs.map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url: webUrl })));
}

/** Accepts the invitation that a link holds. */
export async function joinBy(visitor: Visitor, link: string): Promise<void> {
  const url = new URL(link);
  const answer = await visitor.post(url.pathname + url.search, { token: url.searchParams.get('token')!, password });
  assert.equal(answer.status, 302, `joins by ${url.pathname}: ${answer.text.slice(0, 200)}`);
}

function cookieOf(jar: Map<string, string>): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}
