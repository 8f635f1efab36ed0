import type { ComponentProps, ReactNode } from 'react';
import { Form, useActionData, useLoaderData } from 'react-router';
import type { PlanSummary, SubscriptionSummary } from '../../../control/services.ts';
import { act, load, type Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink, Submit } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/number.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useLive } from '../../ui/use-live.ts';
import { atLimitText, feeText, limitText, priceLines } from '../products/pricing.ts';
import { LimitList } from './limit-list.tsx';
import { changePlanPage } from './plan-actions.server.ts';
import { PlanPreview } from './plan-preview.tsx';
import { PlanSettings } from './plan-settings.tsx';
import { RunningBill } from './running-bill.tsx';

export const loader = load(async ({ services, developer, url }) => {
  const actor = await developer();
  const { consumerId } = actor;
  const [all, limits] = await Promise.all([services.plans.listSubscriptions(actor, { consumerId }), services.usage.limits(actor, { consumerId })]);
  const open = all.filter(({ state }) => state !== 'ended');
  const chosen = { of: url.searchParams.get('of'), plan: url.searchParams.get('plan') };
  const subscriptions = await Promise.all(open.map(async (subscription) => {
    const subscriptionId = subscription.id;
    const active = subscription.state === 'active' && subscription.period !== null;
    const plans = await services.plans.list(actor, subscription.productSlug);
    const wanted = active && chosen.of === subscriptionId ? plans.find(({ slug }) => slug === chosen.plan && slug !== subscription.planSlug) : undefined;
    return {
      subscription, plans, limits: limits.filter((limit) => limit.subscriptionId === subscriptionId),
      billing: active ? { bill: await services.subscriptions.getRunningBill(actor, { subscriptionId }), coupons: await services.coupons.listRedeemed(actor, { subscriptionId }), cases: await services.upgradeCases.list(actor, { subscriptionId }) } : null,
      preview: wanted ? await services.subscriptions.getPreview(actor, { subscriptionId, planSlug: wanted.slug }) : null,
    };
  }));
  return { subscriptions, ended: all.filter(({ state }) => state === 'ended').slice(0, 50) };
});

export const action = act(async ({ form, services, developer }): Promise<{ problem?: undefined; link: string; subscriptionId: string }> => changePlanPage(services, await developer(), form));

const words = texts.dashboard.plan;
const page = texts.planPage;

export default function Plan() {
  const { subscriptions, ended } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  useLive('/dashboard/events?of=ledger');
  return (
    <div className="space-y-12">
      <title>{words.title}</title>
      <h1 className="text-2xl">{words.title}</h1>
      {subscriptions.length === 0 && <EmptyState title={words.none} action={<ButtonLink to="/">{words.browse}</ButtonLink>}>{words.noneText}</EmptyState>}
      <ProblemNotice problem={result?.problem} fields={['cap', 'code', 'message']} />
      {result && 'link' in result && <CaseLink link={result.link} />}
      {subscriptions.map((each) => <Subscription key={each.subscription.id} {...each} sent={sentOf(result?.problem, each.subscription.id)} />)}
      {ended.length > 0 && (
        <section className="space-y-3">
          <h2 className="text-xl">{words.endedText}</h2>
          <ul>{ended.map(({ id, productSlug, productName, planName }) => <li key={id} className="border-t py-2"><TextLink to={`/${productSlug}`}>{productName}</TextLink> <span className="text-muted">{planName}</span></li>)}</ul>
        </section>
      )}
    </div>
  );
}

type Shown = Awaited<ReturnType<typeof loader>>['subscriptions'][number];
type Sent = ComponentProps<typeof PlanSettings>['sent'];

/** The form that was refused, where it was of this subscription. */
function sentOf(problem: Problem | undefined, subscriptionId: string): Sent {
  return problem?.values?.['subscription'] === subscriptionId ? { intent: problem.values['intent'] ?? '', problem } : null;
}

/** Shown once: only the hash of it is kept. */
function CaseLink({ link }: { link: string }) {
  return (
    <Notice tone="good" title={page.caseMade} role="status">
      <p className="flex flex-wrap items-center gap-2"><code className="rounded-md border bg-sunken px-2 py-1 text-sm break-all">{link}</code><CopyButton text={link} label={page.caseCopy} /></p>
      <p>{page.caseOnce}</p>
    </Notice>
  );
}

function Subscription({ subscription, plans, limits, billing, preview, sent }: Shown & { sent: Sent }) {
  const { productSlug, productName, planName, state, createdAt, terms } = subscription;
  const paid = terms.prices.length > 0 || /[1-9]/.test(terms.fee);
  return (
    <section className="space-y-6">
      <div className="space-y-1">
        <h2 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl"><TextLink to={`/${productSlug}`}>{productName}</TextLink> {planName} <Badge tone={state === 'active' ? 'good' : 'notice'}>{words.states[state]}</Badge></h2>
        <p className="text-sm text-muted">{words.since} <Time ms={createdAt} day /></p>
      </div>
      <Waiting subscription={subscription} />
      <Scheduled subscription={subscription} paid={paid} />
      {preview && <PlanPreview preview={preview} present={planName} />}
      {billing && <RunningBill bill={billing.bill} productName={productName} />}
      <Included plan={terms} />
      {limits.length > 0 && <LimitList limits={limits} />}
      <Others plans={plans} subscription={subscription} />
      {billing && <PlanSettings subscription={subscription} {...billing} sent={sent} paid={paid} />}
    </section>
  );
}

/** What waits for the end of the period, and how to take it back. */
function Scheduled({ subscription: { id, scheduledPlan, cancelsAt, planName }, paid }: { subscription: SubscriptionSummary; paid: boolean }) {
  if (scheduledPlan === null && cancelsAt === null) return null;
  return (
    <Notice tone="notice" title={scheduledPlan ? page.scheduledTitle(scheduledPlan.name) : page.cancelledTitle}>
      <p>{scheduledPlan ? page.scheduledText(planName) : paid ? page.cancelledPaid : page.cancelledFree} <Time ms={scheduledPlan?.at ?? cancelsAt!} />.</p>
      <Form method="post" className="pt-2"><input type="hidden" name="subscription" value={id} /><Submit kind="plain" doing={page.resuming} name="intent" value="resume">{page.resume(planName)}</Submit></Form>
    </Notice>
  );
}

function Waiting({ subscription: { state, planName, planSlug, productSlug, requestedPlan } }: { subscription: SubscriptionSummary }) {
  if (requestedPlan) {
    return (
      <Notice tone="notice" title={words.requested(requestedPlan.name)}>
        <p>{words.requestedText(planName)}</p>
        <Form method="post" action={`/${productSlug}`} className="pt-2"><input type="hidden" name="plan" value={planSlug} /><Submit kind="plain" doing={words.takingBack}>{words.takeBack}</Submit></Form>
      </Notice>
    );
  }
  return state === 'pending' && <Notice tone="notice" title={words.pending(planName)}>{words.pendingText}</Notice>;
}

/** Exact, and of the revision that the subscription is on. */
function Included({ plan }: { plan: SubscriptionSummary['terms'] }) {
  return (
    <dl className="grid max-w-3xl grid-cols-[7rem_1fr] sm:grid-cols-[11rem_1fr]">
      <Fact name={words.fee}>{feeText(plan)}{plan.trialDays > 0 && `, ${words.trial(formatCount(plan.trialDays))}`}</Fact>
      <Fact name={words.prices}>{plan.prices.length === 0 ? words.noPrices : plan.prices.map((price) => <div key={price.meter}><span className="font-medium">{price.meter}</span> {priceLines(price, plan.currency).map((line) => <span key={line} className="block text-muted">{line}</span>)}</div>)}</Fact>
      <Fact name={words.included}>{plan.operations === null ? words.all : <details><summary>{words.some(formatCount(plan.operations.length))}</summary><p className="break-words text-muted">{plan.operations.join(', ')}</p></details>}</Fact>
      <Fact name={words.atLimit}>{atLimitText(plan.limits).map((line) => <span key={line} className="block">{line}</span>)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <><dt className="border-t py-1.5 pr-3 text-muted">{name}</dt><dd className="min-w-0 border-t py-1.5">{children}</dd></>;
}

function Others({ plans, subscription: { id, planSlug, productSlug, productName, requestedPlan, scheduledPlan, state } }: { plans: PlanSummary[]; subscription: SubscriptionSummary }) {
  const others = plans.filter(({ slug }) => slug !== planSlug);
  if (others.length === 0) return <p className="text-muted">{words.noOthers}</p>;
  return (
    <div className="space-y-3 border-t pt-6">
      <div className="flex flex-wrap items-baseline justify-between gap-2"><h3 className="font-semibold">{words.others}</h3><TextLink to={`/${productSlug}#plans`}>{words.compare}</TextLink></div>
      <DataTable caption={`${words.others}, ${productName}`} rows={others} rowKey={({ id }) => id} columns={[
        { key: 'plan', header: words.plan, cell: (plan) => plan.name },
        { key: 'fee', header: words.fee, cell: (plan) => <span className="tabular-nums">{feeText(plan)}</span> },
        { key: 'limits', header: words.limits, cell: (plan) => (plan.limits.length === 0 ? words.noLimits : plan.limits.map((limit) => <span key={limit.name} className="block tabular-nums">{limitText(limit)}</span>)) },
        { key: 'change', header: words.change, cell: (plan) => (requestedPlan?.slug === plan.slug ? <Badge tone="notice">{words.states['pending']}</Badge> : scheduledPlan?.slug === plan.slug ? <Badge tone="notice">{page.scheduledBadge}</Badge> : <TextLink to={state === 'active' ? `/dashboard/plan?of=${id}&plan=${plan.slug}#change` : `/${productSlug}?plan=${plan.slug}#choose`}>{plan.access === 'approval' ? words.ask(plan.name) : words.choose(plan.name)}</TextLink>) },
      ]} />
    </div>
  );
}
