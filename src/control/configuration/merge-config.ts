// Enters: what runs, what the file asks for, what the last file asked for. Leaves: what shall run. Pure.
import type { PlanConfig, ProductConfig, VersionConfig } from '../../domain/config.ts';
import { withSources } from '../../domain/pricing/meter-quantities.ts';
import { productOfAsset, type ContentState } from '../content/content-rows.ts';
import { mergeLearn } from '../learn/learn-changes.ts';
import { documentKey, type ConfigState } from './config-state.ts';

/**
 * What the file no longer names is removed when the last applied file named it; what was made elsewhere stays unless
 * `prune`. (The same three-way rule as `kubectl apply`.)
 */
export function mergeConfig({ before, desired, lastApplied, prune }: { before: ConfigState; desired: ConfigState; lastApplied: (Pick<ConfigState, 'config'> & { content?: ContentState }) | undefined; prune: boolean }): ConfigState {
  if (prune) return desired;
  const applied = (slug: string): ProductConfig | undefined => lastApplied?.config.products.find((product) => product.slug === slug);
  const named = desired.config.products.map((product) => {
    const running = before.config.products.find(({ slug }) => slug === product.slug);
    return running ? withExtras(product, running, applied(product.slug)) : product;
  });
  const extras = before.config.products.filter(({ slug }) => !desired.config.products.some((product) => product.slug === slug) && !applied(slug));
  const products = [...named, ...extras];
  const documents: Record<string, string> = {};
  for (const product of products) {
    for (const { name } of product.versions) {
      const key = documentKey(product.slug, name);
      documents[key] = (desired.documents[key] ?? before.documents[key])!;
    }
  }
  const ofExtras = (product: string | null): boolean => extras.some(({ slug }) => slug === product);
  const content = { assets: [...desired.content.assets, ...before.content.assets.filter(({ name }) => ofExtras(productOfAsset(name)))], articles: [...desired.content.articles, ...before.content.articles.filter(({ product }) => ofExtras(product))], learn: mergeLearn(before.content.learn, desired.content.learn, lastApplied?.content?.learn) };
  return { config: { portal: desired.config.portal, products }, content, documents };
}

function withExtras(product: ProductConfig, running: ProductConfig, applied: ProductConfig | undefined): ProductConfig {
  const versions: VersionConfig[] = running.versions.filter(({ name }) => !product.versions.some((version) => version.name === name) && !applied?.versions.some((version) => version.name === name));
  const plans: PlanConfig[] = running.plans.filter(({ slug }) => !product.plans.some((plan) => plan.slug === slug) && !applied?.plans.some((plan) => plan.slug === slug));
  const hasDefault = product.plans.some((plan) => plan.default);
  return { ...product, versions: [...product.versions, ...versions], plans: [...product.plans, ...plans.map((plan) => withSources(hasDefault ? { ...plan, default: false } : plan, product.meters))] };
}
