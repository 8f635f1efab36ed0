import { Link } from 'react-router';
import { controlErrors, gatewayErrors, type ErrorEntry } from '../../../errors.ts';
import { texts } from '../../texts.ts';
import { StatusCode } from '../../ui/badge.tsx';
import { PageMeta } from '../page-meta.tsx';

const words = texts.errorPages;

export default function ErrorList() {
  return (
    <div className="space-y-10">
      <PageMeta title={texts.twins.errors} description={texts.twins.errorsTold} path="/errors" card="home" markdown="/errors.md" />
      <div className="space-y-2">
        <h1 className="text-2xl">{words.title}</h1>
        <p className="max-w-[65ch] text-lg text-muted">{words.lead} <code>application/problem+json</code>. {words.leadRest}</p>
      </div>
      <Group title={words.fromGateway} entries={gatewayErrors} />
      <Group title={words.fromControl} entries={controlErrors} />
    </div>
  );
}

function Group({ title, entries }: { title: string; entries: Record<string, ErrorEntry> }) {
  return (
    <section className="space-y-2">
      <h2 className="text-xl">{title}</h2>
      <ul>
        {Object.entries(entries).map(([code, entry]) => (
          <li key={code} className="grid grid-cols-[3rem_1fr] gap-x-3 border-t py-2 sm:grid-cols-[3rem_14rem_1fr]">
            <StatusCode status={entry.status} />
            <Link to={`/errors/${code}`} className="font-mono text-sm text-accent hover:underline">{code}</Link>
            <span className="col-start-2 sm:col-start-3">{entry.title}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
