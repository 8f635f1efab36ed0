// Links to this site in the texts of terms and exercises, with their places.
import type { Reading } from '../../domain/learn.ts';
import type { WrittenItem, WrittenLearn } from './written-learn.ts';

/** `to` begins with a slash. */
export interface WrittenLink { to: string; pointer: string }

/** Inline links of Markdown (CommonMark section 6.3); those of other sites are their own affair. */
const inline = /\]\(\s*<?(\/(?!\/)[^\s<>)]*)>?[^)]*\)/g;

export function findLinks({ terms = [], sets = [] }: WrittenLearn): WrittenLink[] {
  return [
    ...terms.flatMap(({ definition, example }, t) => [...textLinks(definition, `/terms/${t}/definition`), ...textLinks(example, `/terms/${t}/example`)]),
    ...sets.flatMap(({ lead, items }, s) => [...textLinks(lead, `/sets/${s}/lead`), ...items.flatMap((item, i) => itemLinks(item, `/sets/${s}/items/${i}`))]),
  ];
}

function itemLinks({ question, task, hint, choices = [], read = [] }: WrittenItem, at: string): WrittenLink[] {
  return [
    ...textLinks(question, `${at}/question`), ...textLinks(task, `${at}/task`), ...textLinks(hint, `${at}/hint`),
    ...choices.flatMap(({ text, why }, c) => [...textLinks(text, `${at}/choices/${c}/text`), ...textLinks(why, `${at}/choices/${c}/why`)]),
    ...read.flatMap((reading: Reading, r) => (typeof reading === 'object' && reading.to.startsWith('/') ? [{ to: reading.to, pointer: `${at}/read/${r}/to` }] : [])),
  ];
}

function textLinks(text: string | undefined, pointer: string): WrittenLink[] {
  return [...(text ?? '').matchAll(inline)].map(([, to]) => ({ to: to!, pointer }));
}
