import { Link } from 'react-router';
import { errorCatalogue } from '../../errors.ts';
import type { Problem } from '../page.server.ts';
import { ButtonLink } from './button.tsx';
import { Mark } from './mark.tsx';

export function ErrorPage({ problem }: { problem: Problem }) {
  const entry = errorCatalogue[problem.code];
  return (
    <main className="mx-auto flex max-w-2xl flex-col gap-6 px-4 py-16">
      <title>{entry.title}</title>
      <Link to="/" aria-label="Home" className="self-start text-accent"><Mark className="size-8" /></Link>
      <h1 className="text-2xl">{entry.title}</h1>
      <p className="text-lg">{problem.detail}</p>
      <ul className="list-disc space-y-1 pl-5">{entry.mend.map((step) => <li key={step}>{step}</li>)}</ul>
      <p className="text-sm text-muted">
        Code <Link className="text-accent underline" to={`/errors/${problem.code}`}><code>{problem.code}</code></Link>
        {problem.requestId && <>, request <code>{problem.requestId}</code></>}
      </p>
      <div><ButtonLink to="/">Go to the home page</ButtonLink></div>
    </main>
  );
}
