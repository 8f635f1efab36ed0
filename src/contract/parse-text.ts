import type { ErrorPlace } from '../errors.ts';
import { parseYaml } from './redocly.ts';
import { jsonProblem, yamlProblem } from './syntax-problem.ts';

export type Parsed =
  | { value: unknown; syntax: 'json' | 'yaml'; problem?: undefined }
  | { problem: ErrorPlace };

/** 64 M characters: five times GitHub's document. */
export const documentCharactersMax = 64 * 1024 * 1024;

/** Parses JSON or YAML, whatever the file's name ends in. The problem names line and column (1-based). */
export async function parseText(file: string, text: string): Promise<Parsed> {
  const refusal = refuseByLook(text);
  if (refusal !== undefined) return { problem: { file, line: 1, column: 1, detail: refusal } };
  if (/^\s*[{[]/.test(text)) {
    try {
      return { value: JSON.parse(text), syntax: 'json' };
    } catch (error) {
      // Braces also begin YAML in its flow style.
      if (!/\.ya?ml$/i.test(file)) return { problem: { file, ...jsonProblem(text, error as Error) } };
    }
  }
  try {
    return { value: await parseYaml(text), syntax: 'yaml' };
  } catch (error) {
    return { problem: { file, ...yamlProblem(text, error as Error) } };
  }
}

function refuseByLook(text: string): string | undefined {
  if (text.trim() === '') return 'The file is empty. An OpenAPI document in YAML or JSON was expected.';
  if (text.length > documentCharactersMax) return `The file has ${text.length} characters; at most ${documentCharactersMax} are read.`;
  if (/[\0\uFFFD]/.test(text.slice(0, 65_536))) return 'This is a binary file, or text in another encoding. An OpenAPI document in YAML or JSON, encoded in UTF-8, was expected.';
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) return 'This is an HTML or XML page. An OpenAPI document in YAML or JSON was expected; an address must answer the document itself, not a page that shows it.';
  return undefined;
}
