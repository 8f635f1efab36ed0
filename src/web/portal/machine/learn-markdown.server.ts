// The Markdown twins of what is taught. Which choice is right stands in none: they are there to be answered.
import type { LearnSetSummary, ShownSet, ShownTerm, TermPage } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { paragraphs } from './markdown-pages.server.ts';

const words = texts.learn;

export function learnMarkdown(sets: readonly LearnSetSummary[], terms: readonly ShownTerm[], webUrl: string): string {
  return paragraphs([
    `# ${words.title}`, words.lead, sets.length > 0 ? `## ${words.exercises}` : '', sets.map(({ id, title, lead }) => `- [${title}](${webUrl}/learn/${id}.md)${lead ? `: ${lead}` : ''}`).join('\n'),
    terms.length > 0 ? `## ${words.glossary}` : '', terms.length > 0 ? `[${words.allTerms(terms.length)}](${webUrl}/learn/glossary.md)` : '',
  ]);
}

export function glossaryMarkdown(terms: readonly ShownTerm[], webUrl: string): string {
  return paragraphs([`# ${words.glossary}`, words.glossaryLead, terms.map(({ id, name, short }) => `- [${name}](${webUrl}/learn/glossary/${id}.md): ${short}`).join('\n')]);
}

export function termMarkdown({ name, also, definition, example, relatedTerms }: TermPage, webUrl: string): string {
  return paragraphs([
    `# ${name}`, also.length > 0 ? words.also(also.join(', ')) : '', definition, example === null ? '' : `> ${example}`,
    relatedTerms.length > 0 ? `## ${words.related}` : '', relatedTerms.map(({ id, name: other }) => `- [${other}](${webUrl}/learn/glossary/${id}.md)`).join('\n'),
  ]);
}

export function setMarkdown({ title, lead, terms, items }: ShownSet, webUrl: string): string {
  return paragraphs([
    `# ${title}`, lead, terms.length > 0 ? `## ${words.vocabulary}` : '', terms.map(({ id, name, short }) => `- [${name}](${webUrl}/learn/glossary/${id}.md): ${short}`).join('\n'),
    ...items.flatMap((item, index) => (item.kind === 'task'
      ? [`## ${words.task(index + 1, items.length)}`, item.task, item.hint ?? '']
      : [`## ${words.question(index + 1, items.length)}`, item.question, item.choices.map(({ text }) => `- ${text}`).join('\n')])),
  ]);
}
