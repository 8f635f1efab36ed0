import type { OperationReference } from '../../contract/operation-reference.ts';
import type { SchemaNode } from '../../contract/schema-tree.ts';
import type { Actor } from './actor.ts';
import type { PlanSummary } from './plans.ts';
import type { OperationPage, OperationSummary, ProductSummary, VersionSummary } from './products.ts';

export type { OperationReference, SchemaNode };
export type { ContentReference, ParameterReference, ResponseReference } from '../../contract/operation-reference.ts';
/** What all reference pages of a version share. */
export interface ReferenceVersion { product: ProductSummary; version: VersionSummary; /** Address that calls start with. */ baseUrl: string; operations: readonly OperationSummary[]; plans: PlanSummary[] }
export interface OperationReferencePage extends OperationReference {
  operation: OperationSummary; previous: OperationSummary | null; next: OperationSummary | null;
  /** A request that should succeed, from the document's examples. `path` is filled in, with its query. */
  sample: OperationPage['sample'];
}
export interface Reference {
  getVersion(actor: Actor | undefined, slug: string, version: string): Promise<ReferenceVersion>;
  /** One operation within a budget of bytes: deep branches of schemas say where they go on. */
  getOperation(actor: Actor | undefined, slug: string, version: string, operationSlug: string): Promise<OperationReferencePage>;
  /** Slug of the same operation in other versions, by version name; empty for an operation that is unknown. */
  getElsewhere(actor: Actor | undefined, slug: string, version: string, operationSlug: string): Promise<Record<string, string>>;
  /** Where a tree goes on: the schema at a pointer into the document, from its row `from` on. `within` names the components around it. */
  getSchema(actor: Actor | undefined, slug: string, version: string, input: { at: string; from: number; within: string[] }): Promise<SchemaNode>;
  /** A whole example, of a response or (status null) of the request. */
  getExample(actor: Actor | undefined, slug: string, version: string, input: { operationSlug: string; status: string | null; mediaType: string | null }): Promise<{ contentType: string; body: string }>;
  /** The OpenAPI document as consumers get it, with the gateway's address, keys, limits and refusals, as JSON text in chunks. */
  getServedDocument(actor: Actor | undefined, slug: string, version: string): Promise<AsyncIterable<string>>;
}
