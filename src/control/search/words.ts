// How text becomes words that search compares: the same for what is indexed, what is asked and what is marked.

const word = /[\p{L}\p{N}]+/gu;
const wordLengthMax = 40;

/** Lower case, without accents and without the plural's ending; '' for what is no word. */
export function normalWord(raw: string): string {
  const plain = raw.normalize('NFKD').replaceAll(/\p{M}+/gu, '').toLowerCase().slice(0, wordLengthMax);
  if (plain.length > 4 && plain.endsWith('ies')) return `${plain.slice(0, -3)}y`;
  return plain.length > 3 && plain.endsWith('s') && !plain.endsWith('ss') ? plain.slice(0, -1) : plain;
}

/** `listRepos_v2` gives `list`, `Repos`, `v2`, each with where it begins. */
function splitWords(text: string): { raw: string; at: number }[] {
  return [...text.matchAll(word)].flatMap((match) => partsOf(match[0], match.index));
}

function partsOf(whole: string, begin: number): { raw: string; at: number }[] {
  let at = begin;
  return whole.split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u).map((raw) => {
    const part = { raw, at };
    at += raw.length;
    return part;
  });
}

/** Words to index: `getCity` is found as `get`, as `city` and as `getcity`. */
export function indexedWords(text: string): string[] {
  const parts = splitWords(text).map(({ raw }) => raw);
  const joined = (text.match(word) ?? []).filter((whole) => /[\p{Ll}\p{N}]\p{Lu}/u.test(whole));
  return [...parts, ...joined];
}

/** Words that say nothing about what is looked for. */
const fillers = new Set(['a', 'an', 'and', 'by', 'do', 'doe', 'for', 'from', 'how', 'i', 'in', 'is', 'it', 'my', 'of', 'on', 'or', 'the', 'to', 'with']);
const questionWordsMax = 8;

/** At most eight words of a question, without the fillers unless there is nothing else. */
export function questionWords(text: string): string[] {
  const words = [...new Set(splitWords(text).map(({ raw }) => normalWord(raw)).filter((part) => part !== ''))];
  const telling = words.filter((part) => !fillers.has(part));
  return (telling.length > 0 ? telling : words).slice(0, questionWordsMax);
}

export interface Segment { text: string; hit: boolean }

/** The text cut where a word of `hits` begins and ends. `getCity` is one word when `getcity` was met, else two. */
export function markWords(text: string, hits: ReadonlySet<string>): Segment[] {
  const segments: Segment[] = [];
  const add = (part: string, hit: boolean): void => {
    if (part === '') return;
    const last = segments.at(-1);
    if (last && last.hit === hit) last.text += part;
    else segments.push({ text: part, hit });
  };
  let at = 0;
  for (const { raw, at: from } of [...text.matchAll(word)].flatMap((whole) => (hits.has(normalWord(whole[0])) ? [{ raw: whole[0], at: whole.index }] : partsOf(whole[0], whole.index)))) {
    if (!hits.has(normalWord(raw))) continue;
    add(text.slice(at, from), false);
    add(raw, true);
    at = from + raw.length;
  }
  add(text.slice(at), false);
  return segments;
}
