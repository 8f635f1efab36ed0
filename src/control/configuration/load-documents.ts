// Enters: a parsed configuration and the files that came with it. Leaves: each version's contract; one that is unchanged is not loaded again.
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { LoadedContract } from '../../contract/contract.ts';
import type { PorticoConfig } from '../../domain/config.ts';
import { AppError, isAppError, type ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { closestName } from '../../domain/closest-name.ts';
import type { ConfigBundle } from '../services.ts';
import { documentFingerprint, documentKey } from './config-state.ts';
import { refuse, type ParsedConfig } from './parse-config.ts';

export interface BundledDocument {
  /** SHA-256 of the document's text and of every file that it may refer to. */
  textHash: string;
  fingerprint: string;
  /** Null when the store holds this very document already. */
  loaded: { contract: LoadedContract; json: string } | null;
}

/** What was learned when these texts were applied last: text hash and fingerprint by `documentKey`. */
export type KnownDocuments = Record<string, { textHash: string; fingerprint: string }>;

/** @throws AppError `config_invalid` for files that are missing, `contract_invalid` with the places in all documents that are wrong. */
export async function loadDocuments(deps: Pick<ControlDeps, 'loadContract'>, bundle: ConfigBundle, parsed: ParsedConfig, known: KnownDocuments, running: Record<string, string>): Promise<Map<string, BundledDocument>> {
  const files = new Map(bundle.files.map((file) => [normalPath(file.path), file]));
  const find = (openapi: string) => files.get(normalPath(openapi)) ?? files.get(normalPath(isUrl(openapi) ? openapi : posix.join(posix.dirname(bundle.file.replaceAll('\\', '/')), openapi)));
  refuse(parsed.config.products.flatMap((product, p) => product.versions.flatMap((version, v) => (
    find(version.openapi) ? [] : [parsed.place({ pointer: `/products/${p}/versions/${v}/openapi`, at: 'value', detail: `There is no file ${version.openapi}. Write a path relative to ${bundle.file}.` })]
  ))));

  const roots = new Set(parsed.config.products.flatMap(({ versions }) => versions.map(({ openapi }) => find(openapi)!)));
  const shared = bundle.files.filter((file) => !roots.has(file)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const documents = new Map<string, BundledDocument>();
  /** Each wrong document once, whoever shares it. */
  const mistakes = new Map<string, { message: string; errors: ErrorPlace[]; users: string[] }>();
  for (const { slug, versions } of parsed.config.products) {
    for (const version of versions) {
      const root = find(version.openapi)!;
      const key = documentKey(slug, version.name);
      const textHash = hashTexts([root, ...shared]);
      const before = known[key];
      if (before?.textHash === textHash && before.fingerprint === running[key]) {
        documents.set(key, { textHash, fingerprint: before.fingerprint, loaded: null });
        continue;
      }
      const wrong = mistakes.get(root.path);
      if (wrong) {
        wrong.users.push(`${slug} ${version.name}`);
        continue;
      }
      try {
        const contract = await deps.loadContract({ file: root.path, text: root.text, files: bundle.files.filter((file) => file !== root) });
        const { json } = contract;
        documents.set(key, { textHash, fingerprint: documentFingerprint(json), loaded: { contract, json } });
      } catch (error) {
        if (!isAppError(error) || error.code !== 'contract_invalid') throw error;
        mistakes.set(root.path, { message: error.message, errors: error.errors, users: [`${slug} ${version.name}`] });
      }
    }
  }
  if (mistakes.size > 0) throw new AppError('contract_invalid', [...mistakes.values()].map(mistakeWords).join(' '), { errors: [...mistakes.values()].flatMap(({ errors }) => errors) });
  return documents;
}

function mistakeWords({ message, users }: { message: string; users: string[] }): string {
  return users.length === 1 ? message : `${message} It is the document of ${users.slice(0, -1).join(', ')} and ${users.at(-1)}.`;
}

/** Operation ids that a meter, a plan or a policy names and no version of its product has. `stored` are those of documents that were not loaded again. */
export function unknownOperations(config: PorticoConfig, documents: Map<string, BundledDocument>, stored: Map<string, string[]>): { pointer: string; at: 'value'; detail: string }[] {
  return config.products.flatMap((product, p) => {
    const ids = new Set(product.versions.flatMap(({ name }) => {
      const key = documentKey(product.slug, name);
      return documents.get(key)?.loaded?.contract.operations.map(({ operation }) => operation) ?? stored.get(key) ?? [];
    }));
    const named = [
      ...product.meters.map((meter, i) => ({ list: ('operations' in meter && meter.operations) || [], pointer: `/products/${p}/meters/${i}/operations` })),
      ...product.plans.map((plan, i) => ({ list: plan.operations ?? [], pointer: `/products/${p}/plans/${i}/operations` })),
      { list: product.policies.validate?.except ?? [], pointer: `/products/${p}/policies/validate/except` },
    ];
    return named.flatMap(({ list, pointer }) => list.flatMap((operation, o) => {
      if (ids.has(operation)) return [];
      const close = closestName(operation, [...ids]);
      return [{ pointer: `${pointer}/${o}`, at: 'value' as const, detail: `No version of "${product.slug}" has the operation "${operation}".${close === undefined ? '' : ` Did you mean "${close}"?`}` }];
    }));
  });
}

/** Operation ids in the store by `documentKey`. */
export async function storedOperations(query: Query): Promise<Map<string, string[]>> {
  const rows = await query
    .selectFrom('operation')
    .innerJoin('version', 'version.id', 'operation.version_id')
    .innerJoin('product', 'product.id', 'version.product_id')
    .select(['product.slug', 'version.name', 'operation.operation'])
    .where('product.removed_at', 'is', null)
    .execute();
  return new Map([...Map.groupBy(rows, (row) => documentKey(row.slug, row.name))].map(([key, group]) => [key, group.map((row) => row.operation)]));
}

function hashTexts(files: { path: string; text: string }[]): string {
  const hash = createHash('sha256');
  for (const { path, text } of files) hash.update(`${path.length} ${path} ${text.length} `).update(text);
  return hash.digest('hex');
}

function normalPath(path: string): string {
  return isUrl(path) ? path : posix.normalize(path.replaceAll('\\', '/'));
}

function isUrl(path: string): boolean {
  return /^https?:\/\//i.test(path);
}
