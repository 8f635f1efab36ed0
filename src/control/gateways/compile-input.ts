import type { PlanConfig } from '../../domain/config.ts';
import type { CompileProduct, CompileVersion } from '../../snapshot/compile.ts';
import type { SnapshotOperation, SnapshotRequests } from '../../snapshot/snapshot.ts';
import type { Query } from '../../store/database.ts';
import { listProductRows, productConfigOf } from '../products/product-rows.ts';
import { loadRequests } from '../versions/request-contracts.ts';
import { upstreamOf } from '../versions/upstream-column.ts';

/** Everything that compiling reads, without a document being parsed. */
export async function loadCompileProducts(query: Query): Promise<CompileProduct[]> {
  const products = await listProductRows(query);
  const versions = await query
    .selectFrom('version')
    .select(['id', 'product_id', 'name', 'status', 'fingerprint', 'upstream', 'deprecated_at', 'sunset_at', 'successor'])
    .where('status', '!=', 'draft')
    .orderBy('position')
    .execute();
  const operations = await query
    .selectFrom('operation')
    .innerJoin('version', 'version.id', 'operation.version_id')
    .select(['operation.version_id', 'operation.operation', 'operation.method', 'operation.path', 'operation.enum_parameters', 'operation.example'])
    .where('version.status', '!=', 'draft')
    .orderBy('operation.version_id')
    .orderBy('operation.position')
    .execute();
  const plans = await query
    .selectFrom('plan_revision')
    .innerJoin('plan', 'plan.id', 'plan_revision.plan_id')
    .select(['plan_revision.id', 'plan_revision.config', 'plan.product_id'])
    .where((eb) => eb.or([
      eb.and([eb('plan.archived_at', 'is', null), eb('plan_revision.id', '=', eb.ref('plan.current_revision_id'))]),
      eb('plan_revision.id', 'in', eb.selectFrom('subscription').select('plan_revision_id').where('state', '!=', 'ended')),
    ]))
    .orderBy('plan.position')
    .orderBy('plan_revision.number')
    .execute();

  const operationsOf = Map.groupBy(operations, (row) => row.version_id);
  const versionsOf = Map.groupBy(versions, (row) => row.product_id);
  const plansOf = Map.groupBy(plans, (row) => row.product_id);
  const configs = new Map(products.map((product) => [product.id, productConfigOf(product)]));
  const requestsOf = new Map<string, SnapshotRequests | undefined>();
  for (const version of versions) if (configs.get(version.product_id)?.policies.validate) requestsOf.set(version.id, await loadRequests(query, version));
  return products.map((product) => ({
    id: product.id,
    config: configs.get(product.id)!,
    versions: (versionsOf.get(product.id) ?? []).map((version): CompileVersion => ({
      name: version.name,
      status: version.status,
      deprecatedAt: version.deprecated_at,
      sunsetAt: version.sunset_at,
      successor: version.successor,
      upstream: upstreamOf(version.upstream),
      requests: requestsOf.get(version.id),
      operations: (operationsOf.get(version.id) ?? []).map((row): SnapshotOperation => ({
        id: row.operation, method: row.method, path: row.path,
        enumParameters: JSON.parse(row.enum_parameters) as string[],
        example: row.example === null ? null : (JSON.parse(row.example) as SnapshotOperation['example']),
      })),
    })),
    plans: (plansOf.get(product.id) ?? []).map((row) => ({ revisionId: row.id, config: JSON.parse(row.config) as PlanConfig })),
  }));
}
