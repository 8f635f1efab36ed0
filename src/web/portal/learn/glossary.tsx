import { Link, useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageMeta } from '../page-meta.tsx';

const words = texts.learn;

export const loader = load(async ({ services }) => {
  const terms = (await services.learn.listTerms()).map(({ id, name, short }) => ({ id, name, short }));
  return { groups: [...Map.groupBy(terms, ({ name }) => letterOf(name))].map(([letter, entries]) => ({ letter, entries })) };
});

export default function Glossary() {
  const { groups } = useLoaderData<typeof loader>();
  return (
    <div className="max-w-[72ch] space-y-8">
      <PageMeta title={words.glossary} description={words.glossaryLead} path="/learn/glossary" card="home" markdown="/learn/glossary.md" />
      <header className="space-y-2">
        <BackLink to="/learn">{words.title}</BackLink>
        <h1 className="text-2xl">{words.glossary}</h1>
        <p className="text-lg text-muted">{words.glossaryLead}</p>
      </header>
      {groups.length === 0 && <EmptyState title={words.noTerms}>{words.noTermsHint}</EmptyState>}
      {groups.length > 1 && <nav aria-label={words.letters} className="-ml-2 flex flex-wrap gap-1">{groups.map(({ letter }) => <a key={letter} href={`#letter-${letter}`} className="grid size-8 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink">{letter}</a>)}</nav>}
      {groups.map(({ letter, entries }) => (
        <section key={letter} aria-labelledby={`letter-${letter}`}>
          <h2 id={`letter-${letter}`} className="mb-2 scroll-mt-20 text-sm font-semibold text-muted">{letter}</h2>
          <dl>
            {entries.map(({ id, name, short }) => (
              <div key={id} className="gap-x-6 border-t py-2.5 sm:grid sm:grid-cols-[14rem_minmax(0,1fr)]">
                <dt><Link to={`/learn/glossary/${id}`} className="font-medium text-accent hover:underline">{name}</Link></dt>
                <dd className="text-muted">{short}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function letterOf(name: string): string {
  const letter = name.normalize('NFKD')[0]?.toUpperCase() ?? '';
  return /[A-Z]/.test(letter) ? letter : '#';
}
