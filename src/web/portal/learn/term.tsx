import { Link, useLoaderData } from 'react-router';
import { renderMarkdown } from '../../markdown.server.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Prose } from '../../ui/prose.tsx';
import { PageMeta } from '../page-meta.tsx';
import { LiveThing } from './live-thing.tsx';
import { readLiveThing } from './live-thing.server.ts';

const words = texts.learn;

export const loader = load(async (page) => {
  const { params, services, viewer } = page;
  const { id, name, also, definition, example, relatedTerms, usedIn, live, short } = await services.learn.getTerm(params['term']!);
  const developer = await viewer();
  return { term: { id, name, also, short, definition: renderMarkdown(definition), example, relatedTerms, usedIn }, live: live === null ? null : await readLiveThing(page, developer?.kind === 'developer' ? developer : undefined, live) };
});

export default function Term() {
  const { term: { id, name, also, short, definition, example, relatedTerms, usedIn }, live } = useLoaderData<typeof loader>();
  const path = `/learn/glossary/${id}`;
  return (
    <article className="max-w-[68ch] space-y-6">
      <PageMeta title={words.termTitle(name)} description={short} path={path} card="home" markdown={`${path}.md`} />
      <header className="space-y-2">
        <BackLink to="/learn/glossary">{words.glossary}</BackLink>
        <h1 className="text-2xl">{name}</h1>
        {also.length > 0 && <p className="text-muted">{words.also(also.join(', '))}</p>}
      </header>
      <div className="text-lg"><Prose html={definition} /></div>
      {example !== null && <figure className="border-l-2 border-accent pl-4"><figcaption className="text-sm font-semibold text-muted">{words.inASentence}</figcaption><blockquote className="text-lg">{example}</blockquote></figure>}
      {live !== null && <LiveThing view={live} path={path} />}
      {relatedTerms.length > 0 && <Links id="related" title={words.related} links={relatedTerms.map((term) => ({ to: `/learn/glossary/${term.id}`, text: term.name }))} />}
      {usedIn.length > 0 && <Links id="practise" title={words.practise} links={usedIn.map((set) => ({ to: `/learn/${set.id}`, text: set.title }))} />}
    </article>
  );
}

function Links({ id, title, links }: { id: string; title: string; links: { to: string; text: string }[] }) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-1.5 text-sm font-semibold text-muted">{title}</h2>
      <ul className="flex flex-wrap gap-x-5 gap-y-1.5">{links.map(({ to, text }) => <li key={to}><Link to={to} className="text-accent hover:underline">{text}</Link></li>)}</ul>
    </section>
  );
}
