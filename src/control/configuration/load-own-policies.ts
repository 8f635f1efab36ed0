// Enters: a parsed configuration and the files that came with it. Leaves: the same with the text and the code of each own policy.
import { posix } from 'node:path';
import type { PorticoConfig, ProductConfig } from '../../domain/config.ts';
import type { OwnPolicy } from '../../domain/policies.ts';
import { isAppError, type ErrorPlace } from '../../errors.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Actor, BundledFile, ConfigBundle } from '../services.ts';
import { refuse, type ParsedConfig } from './parse-config.ts';

const charactersMax = 262_144;

/** One that runs already is not compiled again. @throws AppError `config_invalid` with the places in all files that are missing or wrong; `role_forbids` for a new text of one who is no owner */
export async function loadOwnPolicies(deps: Pick<ControlDeps, 'compilePolicy'>, actor: Actor, bundle: ConfigBundle, parsed: ParsedConfig, running: PorticoConfig): Promise<{ parsed: ParsedConfig; policyFiles: string[] }> {
  const base = posix.dirname(normalPath(bundle.file));
  const find = (path: string): BundledFile | undefined => bundle.files.find((file) => normalPath(file.path) === normalPath(path) || normalPath(file.path) === posix.join(base, normalPath(path)));
  const known = new Map(running.products.flatMap(({ policies: { own } }) => (own ? [[own.source, own.code]] : [])));
  const policyFiles: string[] = [];
  const problems: ErrorPlace[] = [];
  const products: ProductConfig[] = [];
  for (const [index, product] of parsed.config.products.entries()) {
    const { own } = product.policies;
    const found = own && find(own.file);
    if (own === null) {
      products.push(product);
    } else if (!found) {
      problems.push(parsed.place({ pointer: `/products/${index}/policies/own/file`, at: 'value', detail: `There is no file ${own.file}. Write a path relative to ${bundle.file}.` }));
    } else if (found.text.length > charactersMax) {
      problems.push({ file: found.path, line: 1, column: 1, detail: `A policy has at most ${charactersMax} characters.` });
    } else {
      policyFiles.push(found.path);
      const source = found.text.replace(/^\uFEFF/, '');
      if (!known.has(source)) requireRight(actor, 'own-policies.change');
      const code = known.get(source) ?? await compile(deps, found.path, source, problems);
      products.push({ ...product, policies: { ...product.policies, own: { ...own, source, code } satisfies OwnPolicy } });
    }
  }
  refuse(problems);
  return { parsed: { ...parsed, config: { ...parsed.config, products } }, policyFiles };
}

async function compile(deps: Pick<ControlDeps, 'compilePolicy'>, file: string, text: string, problems: ErrorPlace[]): Promise<string> {
  try {
    return (await deps.compilePolicy({ file, text })).code;
  } catch (error) {
    if (!isAppError(error) || error.code !== 'config_invalid') throw error;
    problems.push(...error.errors);
    return '';
  }
}

function normalPath(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/'));
}
