import { Form } from 'react-router';
import type { ProductFacts, UpstreamCheck } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/number.ts';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';

const words = texts.workspaceProducts;

export function ProductUpstreams({ facts, checks }: { facts: ProductFacts; checks: UpstreamCheck[] | undefined }) {
  const mayChange = useMay('products.change');
  const facets: [string, string][] = [[words.upstream, facts.upstream], [words.testUpstream, facts.testUpstream ?? words.no], [words.owner, facts.owner ?? words.nobody], [words.subscriptions, formatCount(facts.subscriptions)]];
  return (
    <section className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="upstreams" className="text-xl">{words.upstreams}</h2>
        {mayChange && <Form method="post" preventScrollReset><Submit kind="plain" doing={words.checking} name="intent" value="check">{words.check}</Submit></Form>}
      </div>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1.5">
        {facets.map(([name, value]) => <div key={name} className="contents"><dt className="text-muted">{name}</dt><dd className="break-all">{value}</dd></div>)}
      </dl>
      {checks && (
        <div role="status">
          <DataTable caption={words.check} rows={checks} rowKey={({ use }) => use} columns={[
            { key: 'use', header: words.checkUse, cell: (row) => row.use },
            { key: 'address', header: words.address, cell: (row) => <code className="text-sm break-all">{row.address}</code> },
            { key: 'result', header: words.checkResult, cell: (row) => <><Badge tone={row.reachable ? 'good' : 'bad'}>{row.reachable ? words.reachable(row.status) : words.unreachable}</Badge>{row.detail && <span className="block text-sm text-muted">{row.detail}</span>}</> },
            { key: 'took', header: words.checkTook, align: 'right', cell: (row) => row.durationMs },
            { key: 'at', header: words.checkedAt, from: 'md', cell: (row) => <Time ms={row.at} seconds /> },
          ]} />
        </div>
      )}
    </section>
  );
}
