// Who looks at the portal as a consumer may read what the consumer reads, and nothing else: a method that is not known to read is refused.
import { AppError } from '../../errors.ts';

/** Nouns that only read. */
const readingNouns = new Set(['usage', 'requests', 'search']);
/** Methods that only read, and that no key or token leaves. */
const readingMethods = new Set(['consumers.timeline', 'notices.mailWanted', 'configuration.current', 'configuration.portal']);
const readingName = /^(get|list|find|count)([A-Z]|$)/;

export function onlyReads(method: string): boolean {
  const [noun, name] = method.split('.') as [string, string];
  return readingNouns.has(noun) || readingMethods.has(method) || readingName.test(name);
}

/** The same services, which refuse an actor that is only looking everything that could change something. */
export function readOnlyWhileViewing<Nouns extends object>(services: Nouns): Nouns {
  return Object.fromEntries(Object.entries(services).map(([noun, methods]) => [noun, typeof methods === 'object' ? guarded(noun, methods as object) : (methods as unknown)])) as Nouns;
}

function guarded(noun: string, methods: object): object {
  return Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, typeof method !== 'function' || onlyReads(`${noun}.${name}`) ? (method as unknown) : refusing(method as (...args: unknown[]) => unknown)]));
}

function refusing(method: (...args: unknown[]) => unknown) {
  return (...args: unknown[]): unknown => {
    if (!isViewing(args[0])) return method(...args);
    return Promise.reject(new AppError('role_forbids', 'You are looking at this account as its people see it, so nothing can be changed. Leave the view first.'));
  };
}

const isViewing = (actor: unknown): boolean => typeof actor === 'object' && actor !== null && 'viewedBy' in actor && actor.viewedBy !== undefined;
