// A configuration with what its documents hold: the running one, the last applied one, or the one to be.
import { createHash } from 'node:crypto';
import type { PlanConfig, PorticoConfig, PortalConfig, ProductConfig, VersionConfig } from '../../domain/config.ts';
import type { Query } from '../../store/database.ts';
import { listProductRows, productConfigOf } from '../products/product-rows.ts';
import { loadContentState, type ContentState } from '../content/content-rows.ts';
import { readSetting } from './setting.ts';
import { upstreamOf } from '../versions/upstream-column.ts';

export interface ConfigState {
  config: PorticoConfig;
  content: ContentState;
  /** Fingerprint of the bundled document by `documentKey`. */
  documents: Record<string, string>;
}

export function documentKey(productSlug: string, versionName: string): string {
  return `${productSlug}/${versionName}`;
}

/** SHA-256 of a bundled document's JSON text, hex. */
export function documentFingerprint(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

export const initialPortal: PortalConfig = { name: 'Developer portal', keyPrefix: 'portico', headline: null, accent: null, footer: [] };

/** The running configuration. */
export async function loadConfigState(query: Query): Promise<ConfigState> {
  const documents: Record<string, string> = {};
  const products: ProductConfig[] = [];
  for (const row of await listProductRows(query)) {
    const versions = await query
      .selectFrom('version')
      .select(['name', 'status', 'source', 'fingerprint', 'upstream', 'deprecated_at', 'sunset_at', 'successor'])
      .where('product_id', '=', row.id)
      .orderBy('position')
      .execute();
    for (const version of versions) documents[documentKey(row.slug, version.name)] = version.fingerprint;
    const plans = await query
      .selectFrom('plan')
      .innerJoin('plan_revision', 'plan_revision.id', 'plan.current_revision_id')
      .select('plan_revision.config')
      .where('plan.product_id', '=', row.id)
      .where('plan.archived_at', 'is', null)
      .orderBy('plan.position')
      .execute();
    products.push({ ...productConfigOf(row), versions: versions.map(versionConfigOf), plans: plans.map((plan) => JSON.parse(plan.config) as PlanConfig) });
  }
  return { config: { portal: await loadPortal(query), products }, content: await loadContentState(query), documents };
}

export async function loadPortal(query: Query): Promise<PortalConfig> {
  return { ...initialPortal, ...(await readSetting<PortalConfig>(query, 'portal')) };
}

function versionConfigOf(row: { name: string; status: VersionConfig['status']; source: string; upstream: string | null; deprecated_at: number | null; sunset_at: number | null; successor: string | null }): VersionConfig {
  return { name: row.name, openapi: row.source, upstream: upstreamOf(row.upstream), status: row.status, deprecated: dateOf(row.deprecated_at), sunset: dateOf(row.sunset_at), successor: row.successor };
}

/** A UTC date such as `2026-09-01` and its midnight in ms. */
export function dateOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().slice(0, 10);
}

export function msOfDate(date: string | null): number | null {
  return date === null ? null : Date.parse(`${date}T00:00:00Z`);
}
