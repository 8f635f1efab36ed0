import { Link } from 'react-router';
import type { Problem } from '../page.server.ts';
import { texts } from '../texts.ts';
import { ButtonLink } from './button.tsx';
import { Inline } from './inline.tsx';
import { Mark } from './mark.tsx';
import { SkipLink } from './skip-link.tsx';
import { TextLink } from './text-link.tsx';

const words = texts.ui;

/** What a page says that could not be shown: what happened, why, and what to do next. */
export function ErrorPage({ problem }: { problem: Problem }) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-2xl flex-col px-4 sm:px-6">
      <title>{problem.title}</title>
      <SkipLink />
      <header className="py-4"><Link to="/" aria-label={words.home} className="inline-block rounded-xs text-accent"><Mark className="size-7" /></Link></header>
      <main id="content" className="my-auto space-y-6 py-10">
        <p className="text-sm text-muted tabular-nums">{problem.status}</p>
        <div className="space-y-3">
          <h1 className="text-2xl sm:text-3xl">{problem.title}</h1>
          <p className="max-w-[62ch] text-lg text-muted">{problem.detail}</p>
        </div>
        {problem.mend.length > 0 && (
          <div className="space-y-1.5 border-t pt-4">
            <h2 className="font-medium">{words.whatToDo}</h2>
            <ul className="list-disc space-y-1 pl-5">{problem.mend.map((step) => <li key={step}><Inline text={step} /></li>)}</ul>
          </div>
        )}
        <div className="flex flex-wrap gap-3"><ButtonLink to="/">{words.goHome}</ButtonLink><ButtonLink kind="plain" to="/search">{words.goSearch}</ButtonLink></div>
        <p className="text-sm text-muted">{words.errorCode} <TextLink to={`/errors/${problem.code}`}><code>{problem.code}</code></TextLink>{problem.requestId && <>, {words.errorRequest} <code className="break-all">{problem.requestId}</code></>}</p>
      </main>
    </div>
  );
}
