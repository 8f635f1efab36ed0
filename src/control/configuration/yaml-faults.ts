// Enters: what the parser found wrong with a YAML text. Leaves: each mistake once, where it was made, in words that say how to mend it.
import type { YAMLError } from 'yaml';

export interface YamlFault { offset: number; detail: string }

/** Each of these is a mistake by itself; any other makes the parser misread what follows, so only the first of the others is told. */
const independent = new Set<string>(['DUPLICATE_KEY', 'TAB_AS_INDENT', 'TAG_RESOLVE_FAILED', 'MULTIPLE_DOCS']);

/** `openedAt`: where the text in quotes begins that goes on to an offset. */
export function findFaults(found: YAMLError[], text: string, openedAt: (end: number) => number): YamlFault[] {
  const first = found.find(({ code }) => !independent.has(code));
  return found.filter((fault) => fault === first || independent.has(fault.code)).map((fault) => explain(fault, found, text, openedAt));
}

function explain(fault: YAMLError, all: YAMLError[], text: string, openedAt: (end: number) => number): YamlFault {
  const [offset] = fault.pos;
  const at = (detail: string, place = offset): YamlFault => ({ offset: place, detail });
  switch (fault.code) {
    case 'DUPLICATE_KEY': return at('This key stands twice in the same map. Keep one of them.');
    case 'TAB_AS_INDENT': return at('A tab indents this line; YAML indents with spaces only.');
    case 'MULTIPLE_DOCS': return at('The file holds more than one document (`---`). Keep one.');
    case 'TAG_RESOLVE_FAILED': return at('Tags such as `!name` are not used here. Remove it.');
    case 'BAD_SCALAR_START': return at(`Text cannot begin with \`${text[offset]}\`. Put it in quotes.`);
    case 'BAD_INDENT': {
      const bracket = /end with a ([\]}])/.exec(fault.message)?.[1];
      return at(bracket === undefined ? misplaced : `The brackets opened above are not closed: \`${bracket}\` is missing.`);
    }
    case 'MISSING_CHAR': {
      const quote = /closing (['"])quote/.exec(fault.message)?.[1];
      if (quote !== undefined) return at(`The quote (\`${quote}\`) that opens here is never closed.`, openedAt(offset));
      return at(/Sequence item without -/.test(fault.message) ? misplaced : sentence(fault.message));
    }
    case 'BLOCK_AS_IMPLICIT_KEY': {
      // Read on over the line's end, the value is said to be a key: the next line is too deep.
      const over = all.find(({ code, pos }) => code === 'MULTILINE_IMPLICIT_KEY' && pos[0] === offset);
      return over ? at('This line is indented deeper than the line above, which has a value already. Let it begin where its neighbours begin.', lineStart(text, over.pos[1])) : at('There is a second `: ` in this line. Put text that holds `: ` in quotes.');
    }
    case 'MULTILINE_IMPLICIT_KEY': return at('A `:` is missing after this key.');
    default: return at(sentence(fault.message));
  }
}

const misplaced = 'This line is indented differently from its neighbours.';

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}

/** The first character that is no space of the line that this offset is in. */
function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start + /^ */.exec(text.slice(start))![0].length;
}
