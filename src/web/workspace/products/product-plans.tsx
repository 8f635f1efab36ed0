import { Form } from 'react-router';
import type { PlanDetail } from '../../../control/services.ts';
import { feeText, limitText } from '../../portal/products/pricing.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ArrowDown, ArrowUp } from '../../ui/icon.ts';
import { formatCount } from '../../ui/number.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { useMay } from '../use-may.ts';

const words = texts.workspacePlans;

export function ProductPlans({ plans }: { plans: PlanDetail[] }) {
  const mayChange = useMay('plans.change');
  const order = plans.filter(({ archivedAt }) => archivedAt === null).map(({ slug }) => slug);
  return (
    <section className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="plans" className="scroll-mt-4 text-xl">{texts.workspaceProducts.plans}</h2>
        {mayChange && <ButtonLink kind="plain" to="plans/new">{texts.workspaceProducts.newPlan}</ButtonLink>}
      </div>
      <DataTable caption={texts.workspaceProducts.plans} rows={plans} rowKey={({ id }) => id} empty={<EmptyState title={words.none}>{words.noneHint}</EmptyState>} columns={[
        { key: 'name', header: words.plan, cell: (row) => <span className="inline-flex flex-wrap items-center gap-2"><TextLink to={`plans/${row.slug}`}>{row.name}</TextLink>{row.default && <Badge tone="accent">{words.default}</Badge>}{row.archivedAt !== null && <Badge>{words.archived}</Badge>}</span> },
        { key: 'fee', header: words.fee, cell: (row) => <span className="whitespace-nowrap">{feeText(row)}</span> },
        { key: 'limits', header: words.limits, cell: (row) => row.limits.length === 0 ? words.noLimits : row.limits.map((limit) => <span key={limit.name} className="block whitespace-nowrap tabular-nums">{limitText(limit)}</span>) },
        { key: 'meters', header: words.meters, from: 'md', cell: (row) => row.prices.map(({ meter }) => meter).join(', ') || words.noMeters },
        { key: 'access', header: words.access, cell: (row) => words.accessWords[row.access] },
        { key: 'subscribers', header: words.subscribers, align: 'right', cell: (row) => <Subscribers plan={row} /> },
        { key: 'revision', header: words.revision, align: 'right', from: 'md', cell: (row) => row.revisions.find(({ current }) => current)?.number },
        ...(mayChange && order.length > 1 ? [{ key: 'order', header: words.order, cell: (row: PlanDetail) => row.archivedAt === null && <Order slug={row.slug} name={row.name} order={order} /> }] : []),
      ]} />
    </section>
  );
}

function Subscribers({ plan }: { plan: PlanDetail }) {
  const older = plan.revisions.filter(({ current }) => !current).reduce((sum, { subscribers }) => sum + subscribers, 0);
  return <>{formatCount(plan.subscribers)}{older > 0 && <span className="block text-xs text-muted">{words.olderRevisions(formatCount(older))}</span>}</>;
}

/** Two buttons that swap neighbours; each posts the whole order. */
function Order({ slug, name, order }: { slug: string; name: string; order: string[] }) {
  const at = order.indexOf(slug);
  const swapped = (other: number): string => order.map((one, index) => (index === at ? order[other]! : index === other ? slug : one)).join(' ');
  const button = 'inline-flex size-7 cursor-pointer items-center justify-center rounded-sm text-muted hover:bg-sunken hover:text-ink disabled:cursor-default disabled:opacity-40';
  return (
    <Form method="post" preventScrollReset className="flex gap-1">
      <input type="hidden" name="intent" value="order" />
      <button type="submit" name="order" value={at > 0 ? swapped(at - 1) : ''} disabled={at === 0} aria-label={words.earlier(name)} className={button}><ArrowUp className="size-4" aria-hidden="true" /></button>
      <button type="submit" name="order" value={at < order.length - 1 ? swapped(at + 1) : ''} disabled={at === order.length - 1} aria-label={words.later(name)} className={button}><ArrowDown className="size-4" aria-hidden="true" /></button>
    </Form>
  );
}
