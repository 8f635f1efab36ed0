// What policies ask of the documents that they go with, and of the settings.
import type { Config } from '../../config.ts';
import type { PorticoConfig } from '../../domain/config.ts';
import type { Query } from '../../store/database.ts';
import { readDocument } from '../versions/document-parts.ts';
import { findUncheckable, uncheckableWords } from '../versions/request-contracts.ts';
import { documentKey } from './config-state.ts';
import type { BundledDocument } from './load-documents.ts';
import type { ConfigProblem } from './schema-problems.ts';

/** Looks at documents that are new, and at all of a product that has requests checked from now on or otherwise than before. */
export async function uncheckableRequests(query: Query, config: PorticoConfig, before: PorticoConfig, documents: Map<string, BundledDocument>): Promise<ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  for (const [index, { slug, versions, policies }] of config.products.entries()) {
    const { validate } = policies;
    if (!validate) continue;
    const running = before.products.find((product) => product.slug === slug)?.policies.validate;
    const isSame = running?.except.join() === validate.except.join();
    for (const { name } of versions) {
      const loaded = documents.get(documentKey(slug, name))?.loaded;
      if (!loaded && isSame) continue;
      const document = loaded?.contract.document ?? await storedDocument(query, slug, name);
      for (const found of await findUncheckable(document, validate.except)) problems.push({ pointer: `/products/${index}/policies/validate`, at: 'key', detail: uncheckableWords(found, `${slug} ${name}`) });
    }
  }
  return problems;
}

/** Whoever wants client certificates must be on a gateway that asks for them. A gateway elsewhere has settings of its own, and refuses the calls. */
export function unaskedCertificates(products: PorticoConfig['products'], { role, tls }: Pick<Config, 'role' | 'tls'>): ConfigProblem[] {
  if (role !== 'all' || (tls && tls.clientCa !== null)) return [];
  return products.flatMap(({ slug, policies }, index) => (policies.clientCertificate ? [{ pointer: `/products/${index}/policies/clientCertificate`, at: 'key' as const, detail: `"${slug}" wants client certificates, but the gateway asks for none. Start it with PORTICO_TLS_CLIENT_CA, PORTICO_TLS_CERT and PORTICO_TLS_KEY.` }] : []));
}

async function storedDocument(query: Query, slug: string, name: string): Promise<Record<string, unknown>> {
  const version = await query.selectFrom('version').innerJoin('product', 'product.id', 'version.product_id').select('version.id').where('product.slug', '=', slug).where('version.name', '=', name).executeTakeFirst();
  return JSON.parse((version && (await readDocument(query, version.id))) ?? '{}') as Record<string, unknown>;
}
