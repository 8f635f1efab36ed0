// The answers of a reader who is not signed in: one sealed cookie for each question, so that two tabs that answer at once lose nothing.
import type { Progress } from '../../../domain/learn-progress.ts';
import { joinedProgress } from '../../../domain/learn-progress.ts';
import type { DeveloperActor, Page } from '../../page.server.ts';

export interface Carried { progress: Progress[]; /** Names of cookies that were not sealed here, or were changed since. */ damaged: string[] }

/** Together they stay well below the 16 KiB that a request's head may have. */
export const carriedMax = 60;
const yearSeconds = 31_536_000;
const attributes = 'Path=/; HttpOnly; SameSite=Lax';

export function carriesProgress(request: Request): boolean {
  return /(?:^|;\s*)learn\./.test(request.headers.get('cookie') ?? '');
}

export function readCarried(request: Request, learn: Pick<Page['services']['learn'], 'unseal'>): Carried {
  const carried: Carried = { progress: [], damaged: [] };
  for (const part of (request.headers.get('cookie') ?? '').split(/;\s*/)) {
    const [, set, item, sealed] = /^learn\.([a-z0-9-]{1,40})\.([a-z0-9-]{1,40})=(.*)$/.exec(part) ?? [];
    if (set === undefined || item === undefined) continue;
    const progress = learn.unseal({ set, item, sealed: sealed! });
    if (progress) carried.progress.push(progress);
    else carried.damaged.push(`learn.${set}.${item}`);
  }
  return carried;
}

/** Set-Cookie fields that keep what has changed, and let go of the oldest beyond the maximum. */
export function carryOn(learn: Pick<Page['services']['learn'], 'seal'>, { progress, damaged }: Carried, changed: readonly Progress[]): Headers {
  const headers = new Headers();
  for (const entry of changed) headers.append('set-cookie', `${nameOf(entry)}=${learn.seal(entry)}; Max-Age=${yearSeconds}; ${attributes}`);
  const all = joinedProgress(progress, changed).toSorted((a, b) => b.firstAt - a.firstAt);
  for (const name of [...damaged, ...all.slice(carriedMax).map(nameOf)]) headers.append('set-cookie', `${name}=; Max-Age=0; ${attributes}`);
  return headers;
}

export function letGo({ progress, damaged }: Carried): Headers {
  const headers = new Headers();
  for (const name of [...progress.map(nameOf), ...damaged]) headers.append('set-cookie', `${name}=; Max-Age=0; ${attributes}`);
  return headers;
}

/** Brings what was done before signing in to the account. Undefined when there is nothing to bring. */
export async function joinCarried(request: Request, learn: Page['services']['learn'], actor: DeveloperActor): Promise<Headers | undefined> {
  if (!carriesProgress(request)) return undefined;
  const carried = readCarried(request, learn);
  await learn.join(actor, carried.progress);
  return letGo(carried);
}

/** Of whoever reads: with the account, and what the browser still carries. */
export async function readProgress({ request, services: { learn } }: Pick<Page, 'request' | 'services'>, actor: DeveloperActor | undefined): Promise<Carried> {
  const carried = readCarried(request, learn);
  return actor ? { ...carried, progress: joinedProgress(await learn.listProgress(actor), carried.progress) } : carried;
}

function nameOf({ set, item }: Progress): string {
  return `learn.${set}.${item}`;
}
