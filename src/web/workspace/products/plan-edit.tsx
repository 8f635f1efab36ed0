import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { act, load, refusal, text, type Page } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/number.ts';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';
import { actOnMoves } from './move-action.server.ts';
import { actOnPlan } from './plan-action.server.ts';
import { PlanMoves } from './plan-moves.tsx';
import { PlanEditor } from './plan-editor.tsx';

const words = texts.workspacePlans;

export const loader = load(async (page) => {
  const { services, member, params } = page;
  const actor = await member();
  const slug = params['product']!;
  const [facts, configuration, { plan, plans }] = await Promise.all([services.products.facts(actor, slug), services.configuration.current(), findPlan(page)]);
  return { name: facts.name, slug, plan, others: plans.filter((other) => other.id !== plan.id), meters: (configuration.products.find((product) => product.slug === slug)?.meters ?? []).map((meter) => meter.name) };
});

export const action = act(async (page) => {
  const intent = text(page.form, 'intent');
  const { plan } = await findPlan(page);
  if (intent === 'move-prices' || intent === 'withdraw-move') return actOnMoves(page, plan);
  if (intent !== 'archive' && intent !== 'restore') return actOnPlan(page, plan);
  const { name } = await page.services.plans.archive(await page.member(), { productSlug: page.params['product']!, planSlug: plan.slug, archived: intent === 'archive' });
  throw redirect(`/workspace/products/${page.params['product']}/plans/${plan.slug}`, { headers: { 'set-cookie': flashCookie(intent === 'archive' ? words.archivedNow(name) : words.restored(name)) } });
});

async function findPlan({ services, member, params, web }: Page) {
  const plans = await services.plans.listDetails(await member(), params['product']!);
  const plan = plans.find(({ slug }) => slug === params['plan']);
  if (!plan) throw refusal('not_found', words.noSuchPlan(params['product']!, params['plan']!), web);
  return { plan, plans };
}

export default function EditPlan() {
  const { name, slug, plan, others, meters } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  const mayChange = useMay('plans.change');
  return (
    <div className="space-y-6">
      <title>{words.editTitle(plan.name)}</title>
      <BackLink to={`/workspace/products/${slug}#plans`}>{name}</BackLink>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="space-y-1"><h1 className="flex flex-wrap items-center gap-2 text-2xl">{words.editTitle(plan.name)}{plan.archivedAt !== null && <Badge>{words.archived}</Badge>}</h1><p className="text-muted">{words.intro}</p></div>
        {mayChange && (plan.archivedAt === null ? !plan.default && (
          <Confirm verb={words.archive}><Form method="post" className="space-y-3"><p>{words.archiveLost(plan.name, formatCount(plan.subscribers))}</p><Submit kind="danger" doing={words.archiving} name="intent" value="archive">{words.archive}</Submit></Form></Confirm>
        ) : <Form method="post"><Submit kind="plain" doing={words.restoring} name="intent" value="restore">{words.restore}</Submit></Form>)}
      </div>
      <ProblemNotice problem={result && 'problem' in result ? result.problem : undefined} />
      {!mayChange && <Notice title={words.readOnly} />}
      <PlanEditor key={plan.slug} productSlug={slug} existing={plan} plan={plan} others={others} meters={meters} outcome={result && 'draft' in result ? result : undefined} readOnly={!mayChange} />
      <section className="space-y-3">
        <h2 id="revisions" className="text-xl">{words.revisions}</h2>
        <DataTable caption={words.revisions} rows={plan.revisions} rowKey={({ id }) => id} columns={[
          { key: 'number', header: words.number, cell: (row) => <>{row.number} {row.current && <Badge tone="accent">{words.current}</Badge>}</> },
          { key: 'since', header: words.since, cell: (row) => <Time ms={row.createdAt} /> },
          { key: 'subscribers', header: words.subscribers, align: 'right', cell: (row) => formatCount(row.subscribers) },
        ]} />
      </section>
      <PlanMoves plan={plan} />
    </div>
  );
}
