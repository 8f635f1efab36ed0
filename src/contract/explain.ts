import type { Finding } from './redocly.ts';
import { pointerSegments, valueAt } from './reference.ts';

/**
 * Says in a sentence what stands at a place and what was expected there.
 * @param value the parsed file that the finding points into
 */
export function explain(finding: Finding, value: unknown): string {
  const found = valueAt(value, finding.pointer);
  switch (finding.rule) {
    case 'no-unresolved-refs': return unresolved(finding, found);
    case 'portico/operation-id-unique': return duplicateId(finding, found);
    case 'path-parameters-defined': return pathParameter(finding);
    case 'operation-parameters-unique': return repeatedParameter(finding);
    default: return structure(finding, found);
  }
}

function structure(finding: Finding, found: unknown): string {
  const { message } = finding;
  const here = placeWords(finding.pointer);
  const suggestion = finding.suggest.length > 0 ? ` Did you mean \`${finding.suggest[0]}\`?` : '';
  const unknown = /^Property `(.+)` is not expected here/.exec(message);
  if (unknown && /^\/paths\/[^/]+$/.test(finding.pointer)) return `The path \`${unknown[1]}\` does not begin with a slash. Write \`/${unknown[1]}\`.`;
  if (unknown) return `\`${unknown[1]}\` is not a field that OpenAPI has here.${suggestion || ' Remove it, or begin its name with `x-`.'}`;
  const missing = /^The field `(.+)` must be present/.exec(message);
  if (missing) return `${here} lacks the field \`${missing[1]}\`, which OpenAPI requires.`;
  const oneOf = /at least one of the following fields: (.+)\.$/.exec(message);
  if (oneOf) return `${here} needs at least one of the fields ${oneOf[1]!.split(', ').map((field) => `\`${field}\``).join(', ')}.`;
  const typed = /^Expected type `(.+?)`(?: \((\w+)\))? but got/.exec(message);
  if (typed) return `Here stands ${describe(found)}; ${typed[2] ? `${article(typed[2])} (${typed[1]})` : typeWords(typed[1]!)} was expected.`;
  const choice = /^`(.+)` can be one of the following only: (.+)\.$/.exec(message);
  if (choice) return `\`${choice[1]}\` is ${describe(found)}; it must be one of ${choice[2]!.replaceAll('"', '`')}.${suggestion}`;
  return message.replace(/\.?$/, '.') + suggestion;
}

function unresolved(finding: Finding, found: unknown): string {
  const reference = typeof found === 'string' ? found : (found as { $ref?: unknown } | undefined)?.$ref;
  const shown = `\`$ref: ${String(reference)}\``;
  const target = String(reference).split('#', 1)[0]!;
  if (/missing file/.test(finding.message)) return `${shown} points to the file ${target}, which was not found beside the document.`;
  if (/unreadable file/.test(finding.message)) return `${shown} points to the file ${target}, which cannot be read (see its own error).`;
  return `${shown} leads nowhere: ${target === '' ? 'this file' : `the file ${target}`} has nothing at that place. Check the spelling of the pointer.`;
}

function duplicateId(finding: Finding, found: unknown): string {
  const [file, pointer] = finding.message.split('\n') as [string, string];
  const [section, path, method] = pointerSegments(pointer);
  const other = section === 'paths' && method !== undefined ? `${method.toUpperCase()} ${path}` : `${file}${pointer}`;
  return `The operationId \`${String(found)}\` is already that of ${other}. Each operation needs an id of its own.`;
}

function pathParameter({ message }: Finding): string {
  const undeclared = /path parameter `\{(.+)\}` expected by path `(.+)`/.exec(message);
  if (undeclared) return `The path \`${undeclared[2]}\` has \`{${undeclared[1]}}\`, but no parameter with \`name: ${undeclared[1]}\` and \`in: path\` is declared.`;
  const unused = /^Path parameter `(.+)` is not used in the path `(.+)`/.exec(message);
  if (unused) return `The parameter \`${unused[1]}\` says \`in: path\`, but the path \`${unused[2]}\` has no \`{${unused[1]}}\`.`;
  return message;
}

function repeatedParameter({ message }: Finding): string {
  const repeated = /in:(\w+)`? \+ `?name:([^`]+)`/.exec(message);
  return repeated ? `The ${repeated[1]} parameter \`${repeated[2]}\` is declared twice. Keep one.` : message;
}

function placeWords(pointer: string): string {
  const segments = pointerSegments(pointer);
  if (segments.length === 0) return 'The document';
  const [section, path, method] = segments;
  if (section === 'paths' && segments.length === 2) return `The path \`${path}\``;
  if (section === 'paths' && segments.length === 3) return `The operation ${method!.toUpperCase()} ${path}`;
  return `\`${segments.at(-1)!}\``;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `the text \`${value.length > 40 ? `${value.slice(0, 40)}...` : value}\``;
  return `the ${typeof value === 'boolean' ? 'truth value' : 'number'} \`${String(value)}\``;
}

function article(type: string): string {
  return type === 'array' ? 'a list' : type === 'object' ? 'an object' : type;
}

function typeWords(type: string): string {
  const words: Record<string, string> = { string: 'text (in quotes)', boolean: '`true` or `false`', number: 'a number', integer: 'a whole number', array: 'a list', object: 'an object' };
  return words[type] ?? type;
}
