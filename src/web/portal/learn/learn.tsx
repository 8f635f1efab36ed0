import { data, Link, useLoaderData } from 'react-router';
import { load, refusal } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ArrowRight, CircleCheck } from '../../ui/icon.ts';
import { PageMeta } from '../page-meta.tsx';
import { readProgress } from './carried.server.ts';

const words = texts.learn;
const termsShown = 12;

export const loader = load(async (page) => {
  const { services: { learn }, reader, viewer, web } = page;
  const [actor, developer] = await Promise.all([reader(), viewer()]);
  const [sets, terms] = await Promise.all([learn.listSets(actor), learn.listTerms()]);
  if (sets.length === 0 && terms.length === 0) throw refusal('not_found', 'Nothing is taught here.', web);
  const { progress } = await readProgress(page, developer?.kind === 'developer' ? developer : undefined);
  const done = progress.filter(({ doneAt }) => doneAt !== null);
  return data({
    sets: sets.map(({ items, ...set }) => ({ ...set, of: items.length, completed: done.filter((entry) => entry.set === set.id && items.includes(entry.item)).length })),
    terms: terms.slice(0, termsShown).map(({ id, name }) => ({ id, name })), termCount: terms.length,
  });
});

export default function Learn() {
  const { sets, terms, termCount } = useLoaderData<typeof loader>();
  return (
    <div className="max-w-[68ch] space-y-12">
      <PageMeta title={words.title} description={words.lead} path="/learn" card="home" markdown="/learn.md" />
      <header className="space-y-2">
        <h1 className="text-2xl">{words.title}</h1>
        <p className="text-lg text-muted">{words.lead}</p>
      </header>
      <section aria-labelledby="exercises">
        <h2 id="exercises" className="mb-3 text-xl">{words.exercises}</h2>
        {sets.length === 0 ? <EmptyState title={words.noExercises}>{words.noExercisesHint}</EmptyState> : <ul>{sets.map((set) => <SetRow key={set.id} set={set} />)}</ul>}
      </section>
      {termCount > 0 && (
        <section aria-labelledby="glossary" className="space-y-3">
          <h2 id="glossary" className="text-xl">{words.glossary}</h2>
          <p className="text-muted">{words.glossaryLead}</p>
          <ul className="flex flex-wrap gap-x-5 gap-y-2">{terms.map(({ id, name }) => <li key={id}><Link to={`/learn/glossary/${id}`} className="text-accent hover:underline">{name}</Link></li>)}</ul>
          <p><Link to="/learn/glossary" className="inline-flex items-center gap-1.5 font-medium text-accent hover:underline">{words.allTerms(termCount)}<ArrowRight className="size-4" aria-hidden="true" /></Link></p>
        </section>
      )}
    </div>
  );
}

interface Shown { id: string; title: string; lead: string; published: boolean; guided: boolean; of: number; completed: number }

function SetRow({ set: { id, title, lead, published, guided, of, completed } }: { set: Shown }) {
  const finished = completed === of;
  return (
    <li className="border-t py-4">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="text-lg font-semibold"><Link to={`/learn/${id}`} className="hover:underline">{title}</Link></h3>
        {guided && <Badge tone="accent">{words.guided}</Badge>}
        {!published && <Badge tone="notice">{words.hidden}</Badge>}
        <span className="flex items-center gap-1.5 text-sm text-muted tabular-nums sm:ml-auto">{finished && <CircleCheck className="size-4 text-good" aria-hidden="true" />}{words.completed(completed, of)}</span>
      </div>
      {lead && <p className="mt-1 text-muted">{lead}</p>}
    </li>
  );
}
