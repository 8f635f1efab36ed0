import { Form } from 'react-router';
import type { CreditGrant, RedeemedCoupon, RunningBill, SubscriptionHistory, SubscriptionSummary } from '../../../control/services.ts';
import type { Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { formatMoney } from '../../ui/money.ts';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';

const words = texts.consumerBilling;

export interface BilledSubscription { subscription: SubscriptionSummary; bill: RunningBill; coupons: RedeemedCoupon[]; history: SubscriptionHistory }

/** What the present periods cost, what was before them, and prepaid credit. */
export function ConsumerBilling({ billed, credits, problem }: { billed: BilledSubscription[]; credits: CreditGrant[]; problem: Problem | undefined }) {
  const mayChange = useMay('billing.change');
  return (
    <section className="space-y-4">
      <div className="flex flex-wrap items-center justify-between gap-2"><h1 className="text-2xl">{words.title}</h1>{mayChange && <GrantCredit problem={problem} />}</div>
      <DataTable caption={words.title} rows={billed} rowKey={({ subscription }) => subscription.id} empty={<p className="text-muted">{words.none}</p>} columns={[
        { key: 'api', header: words.api, cell: ({ subscription }) => <>{subscription.productName} <span className="block text-sm text-muted">{subscription.planName}</span></> },
        { key: 'period', header: words.period, cell: ({ bill, subscription }) => <><Time ms={bill.period.from} day /> {words.to} <Time ms={bill.period.to} day /> {bill.period.kind === 'trial' && <Badge>{words.trial}</Badge>}<Then subscription={subscription} /></> },
        { key: 'soFar', header: words.soFar, align: 'right', cell: ({ bill }) => formatMoney(bill.soFar.subtotal, bill.soFar.currency) },
        { key: 'forecast', header: words.forecast, align: 'right', from: 'sm', cell: ({ bill }) => formatMoney(bill.forecast.subtotal, bill.forecast.currency) },
        { key: 'cap', header: words.cap, align: 'right', from: 'md', cell: ({ bill }) => (bill.spendCap === null ? '–' : <>{formatMoney(bill.spendCap, bill.soFar.currency)} <span className="block text-sm text-muted">{words.capUsed(bill.capUsed ?? 0)}</span></>) },
        { key: 'coupons', header: words.coupons, from: 'md', cell: ({ coupons }) => (coupons.length === 0 ? '–' : coupons.map(({ code, periodsLeft }) => <span key={code} className="block"><code>{code}</code> {periodsLeft === 0 && <span className="text-muted">{words.usedUp}</span>}</span>)) },
      ]} />
      {billed.map(({ subscription, history }) => <Periods key={subscription.id} name={subscription.productName} history={history} />)}
      {credits.length > 0 && <Credits credits={credits} mayChange={mayChange} />}
    </section>
  );
}

function Then({ subscription: { scheduledPlan, cancelsAt } }: { subscription: SubscriptionSummary }) {
  if (cancelsAt === null && scheduledPlan === null) return null;
  return <span className="block text-sm text-muted">{cancelsAt === null ? words.next(scheduledPlan!.name) : words.cancelled}</span>;
}

function Periods({ name, history }: { name: string; history: SubscriptionHistory }) {
  return (
    <details>
      <summary className="cursor-pointer">{words.history(name)}</summary>
      <div className="grid gap-x-10 gap-y-4 pt-2 lg:grid-cols-2">
        <DataTable caption={words.named(words.periods, name)} visibleCaption rows={history.periods} rowKey={({ id }) => id} columns={[
          { key: 'from', header: words.from, cell: (row) => <Time ms={row.from} day /> }, { key: 'to', header: words.until, cell: (row) => <Time ms={row.to} day /> },
          { key: 'state', header: words.state, cell: (row) => <Badge tone={row.state === 'open' ? 'good' : row.state === 'ended' ? 'notice' : 'quiet'}>{row.kind === 'trial' ? `${words.trial}, ${words.states[row.state]}` : words.states[row.state]}</Badge> },
        ]} />
        <DataTable caption={words.named(words.phases, name)} visibleCaption rows={history.phases} rowKey={({ from, revision }) => `${from} ${revision}`} columns={[
          { key: 'plan', header: words.plan, cell: (row) => words.revision(row.planName, row.revision) }, { key: 'from', header: words.from, cell: (row) => <Time ms={row.from} /> }, { key: 'reason', header: words.reason, cell: (row) => words.reasons[row.reason] },
        ]} />
      </div>
    </details>
  );
}

function Credits({ credits, mayChange }: { credits: CreditGrant[]; mayChange: boolean }) {
  return (
    <DataTable caption={words.credits} visibleCaption rows={credits} rowKey={({ id }) => id} columns={[
      { key: 'reason', header: words.reasonColumn, cell: (row) => <span className="break-words">{row.reason}</span> },
      { key: 'left', header: words.left, align: 'right', cell: (row) => words.of(formatMoney(row.remaining, row.currency), formatMoney(row.amount, row.currency)) },
      { key: 'expires', header: words.expires, from: 'sm', cell: (row) => (row.expiresAt === null ? words.never : <><Time ms={row.expiresAt} day /> {row.expired && <Badge tone="quiet">{words.expired}</Badge>}</>) },
      ...(mayChange ? [{ key: 'withdraw', header: <span className="sr-only">{words.withdraw}</span>, align: 'right' as const, cell: (row: CreditGrant) => !row.expired && /[1-9]/.test(row.remaining) && <Withdraw credit={row} /> }] : []),
    ]} />
  );
}

function Withdraw({ credit }: { credit: CreditGrant }) {
  return (
    <Dialog kind="quiet" trigger={words.withdraw} title={words.withdrawTitle(formatMoney(credit.remaining, credit.currency))} description={words.withdrawText} alert>
      <Form method="post"><input type="hidden" name="credit" value={credit.id} /><Submit kind="danger" doing={words.withdrawing} name="intent" value="withdraw-credit">{words.withdraw}</Submit></Form>
    </Dialog>
  );
}

function GrantCredit({ problem }: { problem: Problem | undefined }) {
  return (
    <Dialog kind="plain" trigger={words.grant} title={words.grant} description={words.grantText}>
      <Form method="post" className="space-y-4 text-left">
        <FormField label={words.amount} name="amount" inputMode="decimal" required autoComplete="off" problem={problem} />
        <FormField label={words.currency} name="currency" required defaultValue="usd" maxLength={3} autoComplete="off" problem={problem} />
        <FormField label={words.why} name="reason" required maxLength={200} autoComplete="off" problem={problem} />
        <FormField label={words.expiresLabel} name="expiresOn" type="date" hint={words.expiresHint} problem={problem} />
        <Submit doing={words.granting} name="intent" value="grant-credit">{words.grant}</Submit>
      </Form>
    </Dialog>
  );
}
