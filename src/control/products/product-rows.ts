import type { Selectable } from 'kysely';
import type { ProductConfig } from '../../domain/config.ts';
import { completePolicies } from '../../domain/policies.ts';
import type { Query } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import { productDefaults } from '../configuration/parse-config.ts';

export type ProductRow = Selectable<Tables['product']>;
/** What `product.config` holds: the rest has columns of its own. */
type ProductDetails = Pick<ProductConfig, 'hosts' | 'versioning' | 'bodyBytesMax' | 'connectTimeoutMs' | 'headTimeoutMs' | 'meters' | 'minimumNoticeDays' | 'highlights' | 'furtherUpstreams' | 'upstreamCa' | 'concurrency' | 'health' | 'policies'>;
type YoungDetails = 'highlights' | 'furtherUpstreams' | 'upstreamCa' | 'concurrency' | 'health' | 'policies';
export type ProductSettings = Omit<ProductConfig, 'versions' | 'plans'>;

const columns = ['id', 'slug', 'name', 'description', 'layer', 'owner', 'access', 'position', 'upstream', 'test_upstream', 'config', 'created_at', 'updated_at', 'removed_at'] as const;

/** Products that are not removed, in their order. */
export async function listProductRows(query: Query): Promise<ProductRow[]> {
  return query.selectFrom('product').select(columns).where('removed_at', 'is', null).orderBy('position').orderBy('id').execute();
}

export async function findProductRow(query: Query, slug: string): Promise<ProductRow | undefined> {
  return query.selectFrom('product').select(columns).where('slug', '=', slug).where('removed_at', 'is', null).executeTakeFirst();
}

/** Also a removed product: its slug and history are still its own. */
export async function findProductRowEver(query: Query, slug: string): Promise<ProductRow | undefined> {
  return query.selectFrom('product').select(columns).where('slug', '=', slug).executeTakeFirst();
}

export function productConfigOf(row: ProductRow): ProductSettings {
  return {
    slug: row.slug, name: row.name, description: row.description, layer: row.layer as ProductConfig['layer'], owner: row.owner, access: row.access,
    upstream: row.upstream, testUpstream: row.test_upstream, ...detailsOf(row),
  };
}

/** Some are younger than the first rows. */
function detailsOf(row: ProductRow): ProductDetails {
  const details = JSON.parse(row.config) as Omit<ProductDetails, YoungDetails> & Partial<ProductDetails>;
  return { highlights: [], furtherUpstreams: [], upstreamCa: null, concurrency: productDefaults.concurrency, health: null, ...details, policies: completePolicies(details.policies) };
}

/** The columns that a product's settings are stored in. */
export function productColumns(settings: ProductSettings) {
  const { hosts, versioning, bodyBytesMax, connectTimeoutMs, headTimeoutMs, meters, minimumNoticeDays, highlights, furtherUpstreams, upstreamCa, concurrency, health, policies } = settings;
  const details: ProductDetails = { hosts, versioning, bodyBytesMax, connectTimeoutMs, headTimeoutMs, meters, minimumNoticeDays, highlights, furtherUpstreams, upstreamCa, concurrency, health, policies };
  return {
    slug: settings.slug, name: settings.name, description: settings.description, layer: settings.layer, owner: settings.owner, access: settings.access,
    upstream: settings.upstream, test_upstream: settings.testUpstream, config: JSON.stringify(details),
  };
}
