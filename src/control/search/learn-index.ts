// Terms and exercises as search finds them: read anew when they have changed.
import type { Library } from '../learn/library.ts';
import { buildIndex, openIndex, type NewEntry, type TextIndex } from './text-index.ts';

const nothing = { method: '', path: '', tag: '', deprecated: false, fields: [] };

/** Hidden exercises are not among them. */
export function createLearnIndex(library: () => Promise<Library>): () => Promise<TextIndex> {
  let known: { of: Library; index: Promise<TextIndex> } | undefined;
  return async () => {
    const of = await library();
    if (known?.of !== of) known = { of, index: openIndex(buildIndex(entriesOf(of))) };
    return known.index;
  };
}

function entriesOf({ terms, sets }: Library): NewEntry[] {
  return [
    ...terms.map(({ id, name, also, short, definition }): NewEntry => ({ ...nothing, kind: 'term', name: id, title: name, page: `glossary/${id}`, summary: short.slice(0, 160), text: [...also, definition].join(' ') })),
    ...sets.filter(({ published }) => published).map(({ id, title, lead, items }): NewEntry => ({ ...nothing, kind: 'exercise', name: id, title, page: id, summary: lead.slice(0, 160), text: items.map((item) => (item.kind === 'question' ? item.question : item.task)).join(' ') })),
  ];
}
