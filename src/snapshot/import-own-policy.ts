import type { Policy } from '../domain/own-policy.ts';

const hooks = ['onRequest', 'onResponse'] as const;
const importMs = 5_000;

/**
 * Runs the code of a policy as a module, whose places in stacks are those of its file. The same code is run once in a thread.
 * @throws Error for one that fails, does not come to its end, or exports no policy
 */
export async function importOwnPolicy({ file, code }: { file: string; code: string }): Promise<Policy> {
  const address = `data:text/javascript,${encodeURIComponent(`${code}\n//# sourceURL=${encodeURI(file)}`)}`;
  const module = await within<{ default?: unknown }>(import(address), importMs);
  const policy = module.default;
  if (typeof policy !== 'object' || policy === null) throw new TypeError('The file has no `export default` of an object with `onRequest` or `onResponse`');
  const names = Object.keys(policy);
  const unknown = names.find((name) => !(hooks as readonly string[]).includes(name));
  if (unknown !== undefined) throw new TypeError(`A policy has no "${unknown}", only \`onRequest\` and \`onResponse\``);
  if (names.length === 0) throw new TypeError('The policy has neither `onRequest` nor `onResponse`');
  for (const name of names) if (typeof (policy as Record<string, unknown>)[name] !== 'function') throw new TypeError(`\`${name}\` is no function`);
  return policy as Policy;
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`The file did not come to its end within ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
