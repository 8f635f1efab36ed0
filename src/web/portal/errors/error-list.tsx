import { Link } from 'react-router';
import { controlErrors, gatewayErrors, type ErrorEntry } from '../../../errors.ts';
import { StatusCode } from '../../ui/badge.tsx';

export default function ErrorList() {
  return (
    <div className="space-y-10">
      <title>Error codes</title>
      <div className="space-y-2">
        <h1 className="text-2xl">Error codes</h1>
        <p className="max-w-[65ch] text-lg text-muted">Every refusal carries a code in <code>application/problem+json</code>, and a request id to look it up by. Errors of the API itself pass through untouched.</p>
      </div>
      <Group title="From the gateway, on your calls" entries={gatewayErrors} />
      <Group title="From these pages, the management API and the command line" entries={controlErrors} />
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
