// The one file that knows @redocly/openapi-core: resolves references in memory, checks structure, bundles.
import type { Config, Document, NormalizedProblem } from '@redocly/openapi-core';
import type { Parsed } from './parse-text.ts';
import { normalFile, resolveFile } from './reference.ts';

/** One finding, in Redocly's words: explain.ts turns it into ours. */
export interface Finding {
  rule: string;
  message: string;
  suggest: string[];
  file: string;
  pointer: string;
  onKey: boolean;
}

type Core = typeof import('@redocly/openapi-core');

let loading: Promise<Core> | undefined;
/** Loaded when the first document comes: it takes most of a second and 60 MB. */
function core(): Promise<Core> {
  loading ??= import('@redocly/openapi-core');
  return loading;
}

export async function parseYaml(text: string): Promise<unknown> {
  return (await core()).parseYaml(text);
}

/**
 * Checks the parsed root and every file that it reaches, and bundles them into one document.
 * @param read answers the parsed file of that name (as in ContractSource), or undefined when there is none.
 */
export async function checkAndBundle(root: { file: string; text: string; value: unknown }, read: (file: string) => Promise<{ text: string; parsed: Parsed } | undefined>, needsBundling: boolean): Promise<{ findings: Finding[]; document: unknown }> {
  const redocly = await core();
  const config = await redocly.createConfig({
    plugins: [{ id: 'portico', rules: { oas3: { 'operation-id-unique': operationIdUnique } } }],
    rules: { 'portico/operation-id-unique': 'error', struct: 'error', 'no-unresolved-refs': 'error', 'path-parameters-defined': 'error', 'operation-parameters-unique': 'error', 'security-defined': 'off' },
  } as Parameters<Core['createConfig']>[0]);
  const externalRefResolver = memoryResolver(redocly, read);
  const document: Document = { source: new redocly.Source(normalFile(root.file), root.text), parsed: root.value };
  const types = tolerantTypes(redocly, root.value);
  const findings = (await redocly.lintDocument({ document, config, externalRefResolver, customTypes: types })).map(toFinding);
  if (findings.length > 0 || !needsBundling) return { findings, document: root.value };
  return bundle(redocly, { document, config, externalRefResolver, types });
}

async function bundle(redocly: Core, input: Parameters<Core['bundleDocument']>[0] & { config: Config }): Promise<{ findings: Finding[]; document: unknown }> {
  const { bundle: bundled, problems } = await redocly.bundleDocument(input);
  return { findings: problems.filter((problem) => problem.severity === 'error').map(toFinding), document: bundled.parsed };
}

/** From 3.1 on a schema is JSON Schema, which lets a schema carry keywords that nobody knows. */
function tolerantTypes(redocly: Core, root: unknown): ReturnType<Core['getTypes']> {
  const version = redocly.detectSpec(root);
  const types = redocly.getTypes(version);
  if (version === 'oas3_0' || types['Schema'] === undefined) return types;
  return { ...types, Schema: { ...types['Schema'], additionalProperties: {} } };
}

function memoryResolver(redocly: Core, read: (file: string) => Promise<{ text: string; parsed: Parsed } | undefined>): InstanceType<Core['BaseResolver']> {
  const values = new Map<string, unknown>();
  class MemoryResolver extends redocly.BaseResolver {
    override resolveExternalRef(base: string | null, reference: string): string {
      return resolveFile(base ?? '', reference);
    }
    override async loadExternalRef(file: string) {
      const found = await read(file);
      if (found === undefined) throw new redocly.ResolveError(new Error('missing file'));
      if (found.parsed.problem !== undefined) throw new redocly.ResolveError(new Error('unreadable file'));
      values.set(file, found.parsed.value);
      return new redocly.Source(file, found.text);
    }
    override parseDocument(source: InstanceType<Core['Source']>): Document {
      return { source, parsed: values.get(source.absoluteRef) };
    }
  }
  return new MemoryResolver();
}

function toFinding(problem: NormalizedProblem): Finding {
  const place = problem.location[0]!;
  return {
    rule: problem.ruleId,
    message: problem.message,
    suggest: problem.suggest,
    file: place.source.absoluteRef,
    pointer: (place.pointer ?? '#/').replace(/^#/, '').replace(/^\/$/, ''),
    onKey: place.reportOnKey ?? false,
  };
}

interface RuleContext {
  report(problem: { message: string; location: unknown }): void;
  location: { pointer: string; source: { absoluteRef: string }; child(path: string[]): unknown };
}

/** Redocly's own rule points at no place that exists and does not say where the other one stands. */
function operationIdUnique() {
  const seen = new Map<string, { file: string; pointer: string }>();
  return {
    Operation(operation: { operationId?: unknown }, { report, location }: RuleContext): void {
      const id = operation.operationId;
      if (typeof id !== 'string') return;
      const first = seen.get(id);
      const place = { file: location.source.absoluteRef, pointer: location.pointer };
      if (first === undefined) seen.set(id, place);
      else if (first.file !== place.file || first.pointer !== place.pointer) report({ message: `${first.file}\n${first.pointer}`, location: location.child(['operationId']) });
    },
  };
}
