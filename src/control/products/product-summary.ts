import { policyNames } from '../../domain/policies.ts';
import type { Query } from '../../store/database.ts';
import type { Actor, ProductSummary, VersionSummary } from '../services.ts';
import { listVersions } from '../versions/version-rows.ts';
import { productConfigOf, type ProductRow } from './product-rows.ts';

/** In the rows' order, with what this actor may see of each. */
export async function summariseProducts(query: Query, actor: Actor | undefined, rows: ProductRow[]): Promise<ProductSummary[]> {
  const versions = await listVersions(query, actor, rows.map(({ id }) => id));
  return rows.map((row) => {
    const own = versions.get(row.id) ?? [];
    return {
      id: row.id, slug: row.slug, name: row.name, description: row.description, layer: row.layer, access: row.access, testMode: row.test_upstream !== null, tokens: tokensOf(row), policies: policyNames(productConfigOf(row).policies),
      versions: own, currentVersion: currentVersion(own)?.name ?? null,
    };
  });
}

function tokensOf(row: ProductRow): ProductSummary['tokens'] {
  const { tokens } = productConfigOf(row).policies;
  return tokens && { own: tokens.own, issuers: tokens.issuers.map(({ issuer }) => issuer) };
}

/** The newest published version, else the newest deprecated one. */
function currentVersion(versions: VersionSummary[]): VersionSummary | undefined {
  return versions.findLast(({ status }) => status === 'published') ?? versions.findLast(({ status }) => status === 'deprecated');
}
