// In: the text of a producer's policy file. Out: JavaScript at the same lines and columns, or the place of the first mistake.
import { stripTypeScriptTypes } from 'node:module';
import { AppError } from '../errors.ts';
import { importOwnPolicy } from './import-own-policy.ts';

/** Strips the types, runs the file once, and looks at what it exports. @throws AppError `config_invalid` with file, line and column */
export async function compileOwnPolicy({ file, text }: { file: string; text: string }): Promise<{ code: string }> {
  const wrong = (detail: string, line = 1, column = 1): AppError => new AppError('config_invalid', `${file}, line ${line}: ${detail}`, { errors: [{ file, line, column, detail }] });
  const at = (offset: number): [number, number] => [text.slice(0, offset).split('\n').length, offset - text.lastIndexOf('\n', offset - 1)];
  let code: string;
  try {
    code = strip(text, file);
  } catch (error) {
    const [line, column] = placeInStack((error as Error).stack ?? '');
    throw wrong(`${(error as Error).message.replace(/\.$/, '')}.`, line, column);
  }
  for (const { index, specifier } of importsOf(code)) {
    if (specifier.startsWith('portico/')) throw wrong(`"${specifier}" has only types. Write \`import type\`.`, ...at(index));
    if (!specifier.startsWith('node:')) throw wrong(`"${specifier}" cannot be imported: a policy is one file, and imports nothing but Node's own modules (\`node:crypto\`) and types.`, ...at(index));
  }
  try {
    await importOwnPolicy({ file, code });
  } catch (error) {
    const { stack = '', message } = error instanceof Error ? error : new Error(String(error));
    const place = new RegExp(`${RegExp.escape(encodeURI(file))}:(\\d+)(?::(\\d+))?`).exec(stack);
    const word = /["`](on\w+|\w+)["`]/.exec(message)?.[1];
    const said = place || word === undefined ? -1 : text.search(new RegExp(`\\b${word}\\b`));
    const [line, column] = said >= 0 ? at(said) : [Number(place?.[1] ?? 1), Number(place?.[2] ?? 1)];
    throw wrong(`${message.replace(/\.$/, '')}.`, line, column);
  }
  return { code };
}

/** Node says of this function that it may change, which nobody who starts Portico needs to read. */
function strip(text: string, file: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text, { sourceUrl: file }).replace(/\n\n\/\/# sourceURL=.*$/, '');
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** `<file>:<line>`, the line with its neighbours, and carets below the mistake. */
function placeInStack(stack: string): [number, number] {
  const line = Number(/^[^\n]*:(\d+)\n/.exec(stack)?.[1] ?? 1);
  const caret = /^( *)\^+ *$/m.exec(stack);
  return [line, (caret?.[1]?.length ?? 0) + 1];
}

function importsOf(code: string): { index: number; specifier: string }[] {
  return [...code.matchAll(/^[ \t]*(?:import|export)\b[^'"`;]*?(['"])([^'"\n]+)\1/gm)].flatMap(({ 0: whole, 2: specifier, index }) => (
    /^[ \t]*(?:import\s*['"]|(?:import|export)\b[\s\S]*\bfrom\s*['"])/.test(whole) ? [{ index: index + whole.search(/\S/), specifier: specifier! }] : []
  ));
}
