import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ArticleSummary } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { ArrowLeft, ArrowRight } from '../ui/icon.ts';
import { Time } from '../ui/time.tsx';
import { ArticleBody } from './article-body.tsx';
import type { ParsedArticle } from './parse-article.server.ts';
import type { ShownBlock } from './resolve-requests.server.ts';

const words = texts.article;

export interface ShownArticle { title: string; description: string; updatedAt: number; blocks: ShownBlock[]; headings: ParsedArticle['headings'] }

/** One guide or page: what leads to it at the left, its text, and what stands on it at the right. */
export function ArticlePage({ article, side, previous, next, base, foot }: { article: ShownArticle; side?: ReactNode; previous: ArticleSummary | null; next: ArticleSummary | null; base: string; foot?: ReactNode }) {
  const sections = article.headings.filter(({ depth }) => depth === 2);
  return (
    <div className={`grid gap-x-12 gap-y-6 ${side ? 'md:grid-cols-[13rem_minmax(0,1fr)] xl:grid-cols-[13rem_minmax(0,1fr)_12rem]' : 'xl:grid-cols-[minmax(0,1fr)_12rem]'}`}>
      {side}
      <article className="min-w-0 space-y-8">
        <header className="max-w-[68ch] space-y-2">
          <h1 className="text-2xl">{article.title}</h1>
          {article.description && <p className="text-lg text-muted">{article.description}</p>}
        </header>
        <ArticleBody blocks={article.blocks} />
        <footer className="space-y-4 border-t pt-4">
          {(previous || next) && (
            <nav aria-label={words.neighbours} className="flex flex-wrap justify-between gap-4">
              {previous ? <Link to={`${base}/${previous.slug}`} className="inline-flex items-center gap-1.5 text-accent hover:underline"><ArrowLeft className="size-4" aria-hidden="true" />{previous.title}</Link> : <span />}
              {next && <Link to={`${base}/${next.slug}`} className="inline-flex items-center gap-1.5 text-accent hover:underline">{next.title}<ArrowRight className="size-4" aria-hidden="true" /></Link>}
            </nav>
          )}
          <p className="text-sm text-muted">{words.changed} <Time ms={article.updatedAt} day /></p>
        </footer>
        {foot}
      </article>
      {sections.length > 1 && (
        <nav aria-label={words.onThisPage} className="hidden self-start text-sm xl:sticky xl:top-20 xl:block">
          <p className="mb-2 font-medium">{words.onThisPage}</p>
          <ul className="space-y-1.5 border-l">{sections.map(({ id, text }) => <li key={id}><a href={`#${id}`} className="-ml-px block border-l border-transparent pl-3 text-muted hover:border-ink hover:text-ink">{text}</a></li>)}</ul>
        </nav>
      )}
    </div>
  );
}
