import { z } from '@hono/zod-openapi';
import { idParam } from './fields.ts';
import { addRoute, documentBytesMax } from './route.ts';
import type { Api } from './route.ts';

const count = z.number().int();
const termSchema = z.object({
  id: z.string(), name: z.string(), also: z.array(z.string()), definition: z.string().openapi({ description: 'Markdown.' }), example: z.string().nullable(), related: z.array(z.string()),
  live: z.enum(['first-call', 'plans', 'account', 'limits', 'versions', 'keys']).nullable().openapi({ description: 'What its page shows of this portal.' }), own: z.boolean().openapi({ description: 'False for what every portal has.' }),
}).openapi('LearnTerm');
const exampleTerm = { id: 'cursor', name: 'Cursor', also: ['cursors'], definition: 'A mark for the place in a list at which the next page begins.', example: 'We keep the cursor of the last page.', related: ['rate-limit'], live: null, own: true };

const reading = z.union([z.string(), z.object({ label: z.string(), to: z.string() })]);
const itemSchema = z.object({
  kind: z.enum(['question', 'task']), id: z.string(), question: z.string().optional(), choices: z.array(z.object({ text: z.string(), right: z.boolean(), why: z.string() })).optional(),
  task: z.string().optional(), hint: z.string().nullable().optional(),
  check: z.object({ product: z.string(), version: z.string().nullable(), mode: z.enum(['live', 'test']).nullable(), withinMs: count.nullable(), calls: z.array(z.object({ operation: z.string().nullable(), status: z.string(), code: z.string().nullable(), query: z.array(z.string()) })) }).optional(),
  read: z.array(reading),
});
const setSchema = z.object({ id: z.string(), title: z.string(), lead: z.string(), published: z.boolean(), own: z.boolean(), terms: z.array(z.string()), items: z.array(itemSchema) }).openapi('LearnSet');
const choices = [{ text: 'Its `next` is null', right: true, why: 'There is no page to ask for.' }, { text: 'It is shorter than the limit', right: false, why: 'A page may be short and still be followed by another.' }];
const exampleSet = { id: 'paging', title: 'Page by page', lead: 'How to read a long list.', published: true, own: true, terms: ['cursor'], items: [{ kind: 'question' as const, id: 'end', question: 'How do you know that a page is the last one?', choices, read: ['cursor'] }] };

const statisticsSchema = z.object({
  sets: z.array(z.object({
    id: z.string(), title: z.string(), published: z.boolean(), started: count, finished: count,
    items: z.array(z.object({ item: z.string(), kind: z.enum(['question', 'task']), text: z.string(), answered: count, firstWrong: count.openapi({ description: 'Whose first answer was wrong.' }), mostTaken: z.object({ text: z.string(), count }).nullable().openapi({ description: 'The wrong choice that was taken first most often.' }), stopped: count.openapi({ description: 'Who has come as far as this and no further.' }), problem: z.string().nullable().openapi({ description: 'Why no call can carry the task out, as after its version was retired.' }) })),
  })),
  firstCall: z.object({ finished: groupSchema(), others: groupSchema() }).nullable().openapi({ description: 'Null while either group has fewer accounts than `least`.' }),
  accounts: z.object({ finished: count, others: count }), least: count,
}).openapi('LearnStatistics');
const exampleStatistics = { sets: [{ id: 'paging', title: 'Page by page', published: true, started: 31, finished: 24, items: [{ item: 'end', kind: 'question' as const, text: 'How do you know that a page is the last one?', answered: 30, firstWrong: 9, mostTaken: { text: 'It is shorter than the limit', count: 9 }, stopped: 2, problem: null }] }], firstCall: null, accounts: { finished: 17, others: 204 }, least: 20 };

function groupSchema() {
  return z.object({ accounts: count, succeeded: count, medianMs: z.number().nullable() });
}

export function addLearnRoutes(api: Api): void {
  addTermRoutes(api);
  addSetRoutes(api);
  const { learn } = api.services;
  addRoute(api, {
    method: 'get', path: '/api/v1/learn/statistics', operation: 'getLearnStatistics', tag: 'Learn', summary: 'Get the statistics of exercises', description: 'Which questions are answered wrong first, where readers stop, and whether accounts that finished an exercise make their first call sooner.',
    answer: { description: 'The statistics.', schema: statisticsSchema, example: exampleStatistics },
  }, async ({ actor }) => learn.getStatistics(actor));

  addRoute(api, {
    method: 'post', path: '/api/v1/learn/check', operation: 'checkLearnFiles', tag: 'Learn', summary: 'Check files of terms and exercises', description: 'What `apply` would find wrong with the files of a `learn` folder. Nothing is changed.',
    body: { bytesMax: documentBytesMax, schema: z.strictObject({ files: z.array(z.strictObject({ path: z.string().min(1), text: z.string() })) }), example: { files: [{ path: 'learn/terms.yaml', text: 'terms:\n  - { id: cursor, name: Cursor, definition: A mark in a list. }\n' }] } },
    answer: { description: 'The mistakes, and how much was read when there are none.', schema: z.object({ mistakes: z.array(z.object({ file: z.string(), line: count, column: count, detail: z.string() })), terms: count, sets: count }), example: { mistakes: [], terms: 1, sets: 0 } },
  }, async ({ actor, body }) => learn.findMistakes(actor, body));
}

function addTermRoutes(api: Api): void {
  const { learn } = api.services;
  const tag = 'Learn';
  const params = z.object({ id: idParam('id', 'cursor', 'Id of the term.') });
  addRoute(api, {
    method: 'get', path: '/api/v1/learn/terms', operation: 'listLearnTerms', tag, summary: 'List terms', description: 'The glossary, by name.',
    answer: { description: 'The terms.', schema: z.object({ terms: z.array(termSchema) }), example: { terms: [exampleTerm] } },
  }, async () => ({ terms: [...(await learn.listTerms())] }));

  addRoute(api, {
    method: 'put', path: '/api/v1/learn/terms/{id}', operation: 'saveLearnTerm', tag, summary: 'Save a term', description: 'Makes a term, or puts another text in its place: one that every portal has, too. The next apply of a `portico.yaml` with other terms wins.', params,
    body: { schema: z.strictObject({ name: z.string(), also: z.array(z.string()).optional(), definition: z.string(), example: z.string().optional(), related: z.array(z.string()).optional(), live: z.string().optional() }), example: { name: 'Cursor', definition: 'A mark for the place in a list at which the next page begins.' } },
    answer: { description: 'The term.', schema: termSchema, example: exampleTerm },
  }, async ({ actor, params: { id }, body }) => ({ ...(await learn.saveTerm(actor, { id, term: body })), own: true }));

  addRoute(api, {
    method: 'delete', path: '/api/v1/learn/terms/{id}', operation: 'removeLearnTerm', tag, summary: 'Remove a term', description: 'One of your own that nothing names any more. What every portal has under this id shows again.', params, refusals: ['input_invalid'],
  }, async ({ actor, params: { id } }) => learn.removeTerm(actor, { id }));
}

function addSetRoutes(api: Api): void {
  const { learn } = api.services;
  const tag = 'Learn';
  const params = z.object({ id: idParam('id', 'paging', 'Id of the exercise.') });
  addRoute(api, {
    method: 'get', path: '/api/v1/learn/sets', operation: 'listLearnSets', tag, summary: 'List exercises', description: 'All of them, hidden ones too, in the order in which they are offered.',
    answer: { description: 'The exercises.', schema: z.object({ sets: z.array(setSchema) }), example: { sets: [exampleSet] } },
  }, async ({ actor }) => {
    const sets = await Promise.all((await learn.listSets(actor)).map(({ id }) => learn.getSet(actor, id)));
    return { sets: sets.map((set) => ({ ...set, terms: set.terms.map(({ id }) => id) })) };
  });

  addRoute(api, {
    method: 'put', path: '/api/v1/learn/sets/{id}', operation: 'saveLearnSet', tag, summary: 'Save an exercise', description: 'Makes an exercise, or puts another in its place, in the form of a file of the `learn` folder. Progress of questions whose wording stays is kept.', params,
    body: { schema: z.strictObject({ title: z.string(), lead: z.string().optional(), published: z.boolean().optional(), terms: z.array(z.string()).optional(), items: z.array(z.looseObject({})) }), example: { title: 'Page by page', published: true, items: [{ id: 'end', question: 'How do you know that a page is the last one?', choices }] } },
    answer: { description: 'The exercise.', schema: setSchema, example: exampleSet },
  }, async ({ actor, params: { id }, body }) => ({ ...(await learn.saveSet(actor, { id, set: body })), own: true }));

  addRoute(api, {
    method: 'delete', path: '/api/v1/learn/sets/{id}', operation: 'removeLearnSet', tag, summary: 'Remove an exercise', description: 'One of your own. Progress is kept for the day it comes back.', params,
  }, async ({ actor, params: { id } }) => learn.removeSet(actor, { id }));
}
