// One entry per noun of the configuration that changed, with its fields before and after.
import type { Buffer } from 'node:buffer';
import type { Clock } from '../../clock.ts';
import type { Query } from '../../store/database.ts';
import { documentKey, type ConfigState } from '../configuration/config-state.ts';
import { diffConfig } from '../configuration/diff-config.ts';
import type { ConfigChange } from '../services.ts';
import { recordAudit, type AuditActor } from './record-audit.ts';

type Fields = Record<string, unknown>;
const actions = { add: 'created', change: 'changed', remove: 'removed' } as const;

/** Inside the transaction of the change. Documents stand in it by their hash. An entry's subject is the product's slug. */
export async function auditConfiguration(query: Query, deps: { clock: Clock; random(bytes: number): Buffer }, actor: AuditActor, before: ConfigState, after: ConfigState): Promise<void> {
  for (const change of diffConfig(before, after)) {
    if (change.action === 'keep') continue;
    const [slug] = change.name.split(' ');
    await recordAudit(query, deps, actor, {
      action: actions[change.action], noun: change.noun, subject: ['portal', 'page', 'asset'].includes(change.noun) ? null : slug!, name: change.name,
      before: change.action === 'add' ? null : fieldsOf(before, change), after: change.action === 'remove' ? null : fieldsOf(after, change),
    });
  }
}

function fieldsOf({ config, documents }: ConfigState, { noun, name, detail }: ConfigChange): Fields | null {
  if (noun === 'portal') return { ...config.portal, products: config.products.map(({ slug }) => slug) };
  const [slug, inner] = name.split(' ');
  const product = config.products.find((candidate) => candidate.slug === slug);
  if (noun === 'product' && product) {
    const { versions, plans, ...own } = product;
    return { ...own, versions: versions.map((version) => version.name), plans: plans.map((plan) => plan.slug) };
  }
  if (noun === 'version') {
    const version = product?.versions.find((candidate) => candidate.name === inner);
    return version ? { ...version, document: documents[documentKey(slug!, version.name)]?.slice(0, 16) ?? null } : null;
  }
  if (noun === 'plan') return { ...product?.plans.find((candidate) => candidate.slug === inner) };
  return { detail };
}
