// What the JSON Schema of a learn file cannot say: choices that say the same, answers that are missing, names that lead nowhere.
import { closestName } from '../../domain/closest-name.ts';
import { errorCatalogue } from '../../errors.ts';
import type { ConfigProblem } from '../configuration/schema-problems.ts';
import type { WrittenCheck, WrittenItem, WrittenLearn, WrittenSet, WrittenTerm } from './written-learn.ts';

/** The portal's own addresses below /learn. */
const takenSetIds = ['glossary', 'events'];

/** `terms` are the ids of all terms that will be there, of other files and of Portico itself too. */
export function learnProblems({ terms = [], sets = [] }: WrittenLearn, known: ReadonlySet<string>): ConfigProblem[] {
  return [...terms.flatMap((term, index) => termProblems(term, known, `/terms/${index}`)), ...sets.flatMap((set, index) => setProblems(set, known, `/sets/${index}`))];
}

function termProblems({ id, related = [] }: WrittenTerm, known: ReadonlySet<string>, at: string): ConfigProblem[] {
  return related.flatMap((other, index) => (other === id ? [value(`${at}/related/${index}`, 'A term is not related to itself.')] : unknownTerm(other, known, `${at}/related/${index}`)));
}

function setProblems({ id, terms = [], items }: WrittenSet, known: ReadonlySet<string>, at: string): ConfigProblem[] {
  return [
    ...(takenSetIds.includes(id) ? [value(`${at}/id`, `The portal itself uses the address /learn/${id}. Choose another id, such as "${id}-basics".`)] : []),
    ...terms.flatMap((term, index) => unknownTerm(term, known, `${at}/terms/${index}`)),
    ...items.flatMap((item, index) => [
      ...(items.findIndex((other) => other.id === item.id) < index ? [value(`${at}/items/${index}/id`, `"${id}" has an item "${item.id}" already. Give each its own id: progress belongs to it.`)] : []),
      ...itemProblems(item, `${at}/items/${index}`),
      ...(item.read ?? []).flatMap((reading, r) => (typeof reading === 'string' ? unknownTerm(reading, known, `${at}/items/${index}/read/${r}`) : [])),
    ]),
  ];
}

function itemProblems(item: WrittenItem, at: string): ConfigProblem[] {
  const { question, choices, task, check, hint } = item;
  if ((question === undefined) === (task === undefined)) return [value(at, 'Write either `question` with its `choices`, or `task` with its `check`.')];
  if (task !== undefined) {
    if (choices !== undefined) return [value(`${at}/choices`, 'A task has no choices: its `check` says which calls carry it out.')];
    return check === undefined ? [value(at, 'A task needs `check`: the product, and the calls that carry it out.')] : checkProblems(check, `${at}/check`);
  }
  if (check !== undefined || hint !== undefined) return [value(`${at}/${check === undefined ? 'hint' : 'check'}`, 'Only a task has this. A question has `choices`.')];
  return choices === undefined ? [value(at, 'A question needs `choices`.')] : choiceProblems(choices, at);
}

function choiceProblems(choices: NonNullable<WrittenItem['choices']>, at: string): ConfigProblem[] {
  const right = choices.flatMap((choice, index) => (choice.right === true ? [index] : []));
  const plain = choices.map(({ text }) => text.trim().replaceAll(/\s+/g, ' ').toLowerCase());
  return [
    ...(right.length === 0 ? [{ pointer: `${at}/choices`, at: 'key' as const, detail: 'No choice is right. Write `right: true` on the one that is.' }] : []),
    ...right.slice(1).map((index) => value(`${at}/choices/${index}/right`, 'Another choice is right already. Exactly one is.')),
    ...plain.flatMap((text, index) => (plain.indexOf(text) < index ? [value(`${at}/choices/${index}/text`, 'Another choice says the same. Readers could not tell them apart.')] : [])),
  ];
}

function checkProblems({ calls }: WrittenCheck, at: string): ConfigProblem[] {
  return calls.flatMap(({ code }, index) => {
    if (code === undefined || Object.hasOwn(errorCatalogue, code)) return [];
    return [value(`${at}/calls/${index}/code`, `There is no error code "${code}".${meant(code, Object.keys(errorCatalogue))}`)];
  });
}

function unknownTerm(id: string, known: ReadonlySet<string>, pointer: string): ConfigProblem[] {
  return known.has(id) ? [] : [value(pointer, `There is no term "${id}".${meant(id, [...known])}`)];
}

export function meant(written: string, names: readonly string[]): string {
  const close = closestName(written, names);
  return close === undefined ? '' : ` Did you mean "${close}"?`;
}

function value(pointer: string, detail: string): ConfigProblem {
  return { pointer, at: 'value', detail };
}
