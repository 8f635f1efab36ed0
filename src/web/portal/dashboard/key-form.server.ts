// What the forms of a key hold, and what its operations can be chosen from.
import { isAppError, errorCatalogue, type ErrorPlace } from '../../../errors.ts';
import type { KeySummary, OperationSummary, Services } from '../../../control/services.ts';
import { data } from 'react-router';
import { problemWith, text, type DeveloperActor, type Problem } from '../../page.server.ts';

const dayMs = 86_400_000;

/** `count` is of all; of a large API those are left out that stand in groups nobody opened. */
export interface OperationGroup { name: string | null; count: number; operations: { id: string; method: string; path: string }[] }
export interface OperationGroups { groups: OperationGroup[]; /** Where the rest is read; null when nothing was left out. */ rest: string | null }

/** GitHub's 1,200 boxes would be a page of 800 kB. */
const boxesMax = 200;

/** Operations of these products' versions that still answer, by tag, each once. */
export async function readOperations(services: Services, actor: DeveloperActor, slugs: string[]): Promise<OperationGroup[]> {
  const products = (await services.products.list(actor)).filter(({ slug }) => slugs.includes(slug));
  const lists = await Promise.all(products.flatMap(({ slug, versions }) => versions.filter(({ status }) => status === 'published' || status === 'deprecated').map(({ name }) => services.products.listOperations(actor, slug, name))));
  const byId = new Map<string, OperationSummary>();
  for (const operation of lists.flat()) byId.set(operation.operation, operation);
  const groups = Map.groupBy(byId.values(), ({ tag }) => tag);
  return [...groups].map(([name, operations]) => ({ name, count: operations.length, operations: operations.map(({ operation, method, path }) => ({ id: operation, method, path })) })).sort((a, b) => Number(a.name === null) - Number(b.name === null));
}

/** What a page is drawn with: of a large API only the group that `?open=` names. Scripts read the rest. */
export async function readShownOperations(services: Services, actor: DeveloperActor, slugs: string[], { searchParams }: URL): Promise<OperationGroups> {
  const groups = await readOperations(services, actor, slugs);
  if (groups.reduce((sum, { count }) => sum + count, 0) <= boxesMax) return { groups, rest: null };
  const open = searchParams.get('open');
  return { groups: groups.map((group) => ((group.name ?? '') === open ? group : { ...group, operations: [] })), rest: `/dashboard/keys/operations?${new URLSearchParams(slugs.map((slug) => ['product', slug]))}` };
}

export interface KeyFormValues { name: string; scopes: string[]; addresses: string; expiry: string; lastDay: string }

export function valuesOfForm(form: FormData): KeyFormValues {
  return { name: text(form, 'name'), scopes: form.getAll('scope').filter((scope) => typeof scope === 'string'), addresses: text(form, 'addresses'), expiry: text(form, 'expiry'), lastDay: text(form, 'lastDay') };
}

export function valuesOfKey(key: Pick<KeySummary, 'name' | 'scopes' | 'addresses' | 'expiresAt'>): KeyFormValues {
  return { name: key.name, scopes: key.scopes ?? [], addresses: (key.addresses ?? []).join('\n'), expiry: key.expiresAt === null ? 'never' : 'keep', lastDay: '' };
}

export interface Restrictions { scopes: string[] | null; addresses: string[] | null; /** Undefined keeps what is. */ expiresAt: number | null | undefined }

/** @throws a place at `/lastDay` for a day that is none. */
export function restrictionsOf({ scopes, addresses, expiry, lastDay }: KeyFormValues, now: number): { restrictions: Restrictions; errors: ErrorPlace[] } {
  const lines = addresses.split(/[\s,;]+/).filter((line) => line !== '');
  const errors: ErrorPlace[] = [];
  let expiresAt: number | null | undefined = undefined;
  if (expiry === 'never') expiresAt = null;
  else if (/^\d{1,4}$/.test(expiry)) expiresAt = now + Number(expiry) * dayMs;
  else if (expiry === 'date') {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(lastDay) ? Date.parse(`${lastDay}T00:00:00Z`) : NaN;
    if (Number.isNaN(day)) errors.push({ pointer: '/lastDay', detail: 'write a day such as 2027-01-31' });
    else expiresAt = day + dayMs;
  }
  return { restrictions: { scopes: scopes.length > 0 ? scopes : null, addresses: lines.length > 0 ? lines : null, expiresAt }, errors };
}

export interface KeyFormProblem { problem: Problem; values: KeyFormValues }

/** Runs the change; a refusal comes back with everything that the form held, chosen operations too. */
export async function answerForm<Result>(values: KeyFormValues, requestId: string, change: () => Promise<Result>): Promise<Result | ReturnType<typeof data<KeyFormProblem>>> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof Error) || !isAppError(error)) throw error;
    const errors = (error.errors ?? []).map((place) => (place.pointer === '/expiresAt' ? { ...place, pointer: '/lastDay' } : place));
    return data({ problem: problemWith(error.code, error.message, errors, { requestId }), values }, { status: errorCatalogue[error.code].status });
  }
}
