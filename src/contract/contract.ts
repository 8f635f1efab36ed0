// What the rest of Portico knows of an OpenAPI document once it was loaded.
// load.ts makes it, shape.ts and sample.ts read it.

import type { DocumentPart } from './parts.ts';

/** A document and every file that it refers to, as text: read by whoever has the files, so that loading itself is pure. */
export interface ContractSource {
  /** Path or URL of the root document, as the user wrote it: error places name it. */
  file: string;
  text: string;
  /** Files reached by $ref, with paths as resolved against the root. */
  files: { path: string; text: string }[];
}

export interface LoadedContract {
  /** Bundled into one document: no $ref leaves it. */
  document: Record<string, unknown>;
  /** The same as JSON text: what is stored, and what crosses threads without blocking the one that receives it. */
  json: string;
  /** The same in the pieces that reference pages read. */
  parts: DocumentPart[];
  /** `3.0.3`, `3.1.0`, `3.2.0` */
  openapi: string;
  title: string;
  description: string;
  /** In document order. */
  operations: ContractOperation[];
  /** SHA-256 of root and files, hex: equal sources give equal hashes. */
  sourceHash: string;
}

export interface ContractOperation {
  /** operationId, or `METHOD /path` where there is none. */
  operation: string;
  /** Unique within the document, [a-z0-9-]+: the name of its page. */
  slug: string;
  /** Upper case. */
  method: string;
  /** Path template as written. */
  path: string;
  summary: string;
  tag: string | null;
  deprecated: boolean;
  /** Names of query parameters with an enum. */
  enumParameters: string[];
  /** What test mode answers when the product's testUpstream is `examples`: the first success response, from its example or its schema. Null when the operation has none; an answer without a body has an empty contentType and body. */
  example: { status: number; contentType: string; body: string } | null;
}
