// Makes the running configuration match portico.yaml: all of it in one transaction, or none.
import type { ProductConfig } from '../../domain/config.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { auditConfiguration } from '../audit/audit-configuration.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { actorName, requireRight } from '../rights.ts';
import type { Actor, ConfigBundle, Configuration } from '../services.ts';
import { markupMistakes } from '../content/check-markup.ts';
import { requestMistakes, type CheckedArticle } from '../content/check-requests.ts';
import { readContent, type ContentBytes } from '../content/read-content.ts';
import { writeContent } from '../content/write-content.ts';
import { namingMistakes } from '../learn/link-mistakes.ts';
import { initialPortal, loadConfigState, type ConfigState } from './config-state.ts';
import { diffConfig, isUnchanged } from './diff-config.ts';
import { loadDocuments, storedOperations, unknownOperations, type BundledDocument, type KnownDocuments } from './load-documents.ts';
import { loadOwnPolicies } from './load-own-policies.ts';
import { unaskedCertificates, uncheckableRequests } from './check-policies.ts';
import { withKeyFiles } from './key-files.ts';
import { parseConfig, refuse } from './parse-config.ts';
import { mergeConfig } from './merge-config.ts';
import { readSetting, writeSetting } from './setting.ts';
import { refuseRemovals } from './refuse-removals.ts';
import { writeConfig } from './write-config.ts';

/** What the last apply asked for, and the hashes of the texts that it came with. */
export interface AppliedConfig extends ConfigState {
  texts: KnownDocuments;
}

export const appliedSetting = 'applied-configuration';

/** @throws AppError `config_invalid` or `contract_invalid` with places, `has_subscriptions`; nothing is changed then. */
export async function applyConfig(deps: ControlDeps, gateways: Gateways, actor: Actor, input: { bundle: ConfigBundle; dryRun: boolean; prune: boolean }): ReturnType<Configuration['apply']> {
  requireRight(actor, 'configuration.change');
  const { database } = deps;
  const written = withKeyFiles(parseConfig(input.bundle.file, input.bundle.text), input.bundle);
  const running = await loadConfigState(database.kysely);
  refuse(unaskedCertificates(written.config.products, deps.config).map(written.place));
  const { parsed, policyFiles } = await loadOwnPolicies(deps, actor, input.bundle, written, running.config);
  const applied = await readSetting<AppliedConfig>(database.kysely, appliedSetting);
  const { content, bytes, learn, learnFiles } = readContent(input.bundle, parsed);
  const documents = await loadDocuments(deps, withoutContent(input.bundle, bytes, [...policyFiles, ...learnFiles]), parsed, applied?.texts ?? {}, running.documents);
  const stored = parsed.config.products.some(namesOperations) ? await storedOperations(database.kysely) : new Map<string, string[]>();
  refuse(unknownOperations(parsed.config, documents, stored).map(parsed.place));
  const desired: ConfigState = { config: parsed.config, content, documents: Object.fromEntries([...documents].map(([key, { fingerprint }]) => [key, fingerprint])) };
  refuse((await uncheckableRequests(database.kysely, parsed.config, running.config, documents)).map(parsed.place));
  const merged = mergeConfig({ before: running, desired, lastApplied: applied, prune: input.prune });
  refuse([...markupMistakes({ content, bytes, known: merged.content }), ...await requestMistakes(deps, database.kysely, { articles: articlesOf(content, bytes), products: merged.config.products, documents }), ...await namingMistakes(database.kysely, learn, { products: merged.config.products, articles: merged.content.articles, documents })]);

  const { changes, drift } = await database.transaction(async (query) => {
    const before = await loadConfigState(query);
    refuseStaleDocuments(before, documents);
    const target = mergeConfig({ before, desired, lastApplied: applied, prune: input.prune });
    const changes = diffConfig(before, target);
    const drift = applied ? diffConfig(withContent(applied, before), before).filter(({ action }) => action !== 'keep') : [];
    await refuseRemovals(query, changes, input);
    if (!input.dryRun) {
      await writeConfig(deps, query, before, target, documents);
      await writeContent(deps, query, target.content, bytes);
      await rememberApplied(query, desired, documents);
      await auditConfiguration(query, deps, actor, before, target);
      if (!isUnchanged(changes)) await recordActivity(query, deps, { consumerId: null, actor: actorName(actor), kind: 'configuration.applied', detail: { changes: changes.filter(({ action }) => action !== 'keep').map(({ action, noun, name }) => `${action} ${noun} ${name}`).slice(0, 100) } });
    }
    return { changes, drift };
  });

  if (input.dryRun) return { changes, drift, applied: false, snapshotVersion: gateways.snapshotVersion(), unconfirmed: [] };
  if (isUnchanged(changes)) return { changes, drift, applied: true, snapshotVersion: gateways.snapshotVersion(), unconfirmed: [] };
  // Plans first: an entry that names a revision must find it.
  const published = await gateways.publishSnapshot();
  const credentials = await gateways.credentialsChanged();
  return { changes, drift, applied: true, snapshotVersion: published.version, unconfirmed: [...new Set([...published.unconfirmed, ...credentials.unconfirmed])] };
}

function namesOperations({ meters, plans, policies }: ProductConfig): boolean {
  return [...meters, ...plans].some((entry) => 'operations' in entry && entry.operations !== null) || policies.validate !== null;
}

function articlesOf(content: ConfigState['content'], bytes: ContentBytes): CheckedArticle[] {
  return content.articles.flatMap(({ hash, product }) => {
    const article = bytes.get(hash);
    return article ? [{ file: article.source, product, text: article.bytes.toString('utf8') }] : [];
  });
}

/** A document that was not loaded, since the store held it, must still be there. */
function refuseStaleDocuments(before: ConfigState, documents: Map<string, BundledDocument>): void {
  for (const [key, { loaded, fingerprint }] of documents) {
    if (!loaded && before.documents[key] !== fingerprint) throw new AppError('conflict', `Somebody else changed ${key} at the same moment. Apply again.`);
  }
}

async function rememberApplied(query: Query, desired: ConfigState, documents: Map<string, BundledDocument>): Promise<void> {
  const texts = Object.fromEntries([...documents].map(([key, { textHash, fingerprint }]) => [key, { textHash, fingerprint }]));
  await writeSetting(query, appliedSetting, { ...desired, texts } satisfies AppliedConfig);
}

/** What was applied before there were guides, pages, a brand and lessons knew nothing of them. */
function withContent(applied: AppliedConfig, before: ConfigState): ConfigState {
  return { ...applied, config: { ...applied.config, portal: { ...initialPortal, ...applied.config.portal } }, content: applied.content ? { ...applied.content, learn: applied.content.learn ?? before.content.learn } : before.content };
}

/** What the documents' texts are compared with must not change with a guide or a policy. */
function withoutContent(bundle: ConfigBundle, bytes: ContentBytes, others: string[]): ConfigBundle {
  const sources = new Set([...[...bytes.values()].map(({ source }) => source), ...others]);
  return { ...bundle, files: bundle.files.filter(({ path }) => !sources.has(path)) };
}
