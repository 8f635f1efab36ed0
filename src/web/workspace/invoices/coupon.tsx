import type { ReactNode } from 'react';
import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { decimalText, scaleDecimal } from '../../../domain/decimal.ts';
import { minorPlacesOf } from '../../../domain/pricing/money.ts';
import type { CouponHolder } from '../../../control/services.ts';
import { Amount } from '../../invoices/amount.tsx';
import { flashCookie } from '../../flash.server.ts';
import { act, load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatMoney } from '../../ui/money.ts';
import { formatCount } from '../../ui/number.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';
import { CouponBadge, couponState, couponWorth, redeemedText } from './coupon-view.tsx';

const words = texts.coupons;

export const loader = load(async ({ services, member, params }) => {
  const coupon = await services.coupons.get(await member(), { code: params['coupon']! });
  return { ...coupon, state: couponState(coupon, Date.now()), totals: totalsOf(coupon.holders) };
});

export const action = act(async ({ services, member, params }): Promise<{ problem?: undefined }> => {
  const { code } = await services.coupons.archive(await member(), { code: params['coupon']! });
  throw redirect(`/workspace/coupons/${encodeURIComponent(code)}`, { headers: { 'set-cookie': flashCookie(words.endedDone(code)) } });
});

export default function CouponPage() {
  const coupon = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('billing.change');
  const { code, state, holders } = coupon;
  return (
    <div className="space-y-8">
      <title>{code}</title>
      <div className="space-y-2">
        <BackLink to="/workspace/coupons">{words.title}</BackLink>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <div className="flex flex-wrap items-center gap-3"><h1 className="font-mono text-2xl wrap-anywhere">{code}</h1><CouponBadge state={state} /></div>
          {mayChange && state !== 'ended' && (
            <Confirm verb={words.end} title={words.endTitle(code)}>
              <p className="max-w-[60ch]">{words.endText(words.subscriptions(coupon.redeemed, formatCount(coupon.redeemed)))}</p>
              <Form method="post" className="pt-3"><Submit kind="danger" doing={words.ending}>{words.end}</Submit></Form>
            </Confirm>
          )}
        </div>
      </div>
      <ProblemNotice problem={problem} />
      <dl className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-3 xl:grid-cols-4">
        <Fact name={words.takesOff}>{couponWorth(coupon)}</Fact>
        <Fact name={words.bills}>{coupon.periods ?? words.allBills}</Fact>
        <Fact name={words.product}>{coupon.productSlug === null ? words.everyProduct : <TextLink to={`/workspace/products/${coupon.productSlug}`}>{coupon.productSlug}</TextLink>}</Fact>
        <Fact name={words.redeemed}>{redeemedText(coupon)}</Fact>
        <Fact name={words.total}>{coupon.totals.length === 0 ? words.nothing : coupon.totals.map(({ currency, amount }) => <span key={currency} className="block">{formatMoney(amount, currency)}</span>)}</Fact>
        <Fact name={words.lastDay}>{coupon.expiresAt === null ? words.never : <Time ms={coupon.expiresAt - 1} day />}</Fact>
        <Fact name={words.made}><Time ms={coupon.createdAt} day /> <span className="block text-sm text-muted wrap-anywhere">{words.by(coupon.createdBy)}</span></Fact>
        {coupon.archivedAt !== null && <Fact name={words.ended}><Time ms={coupon.archivedAt} day /></Fact>}
      </dl>
      <section className="space-y-3">
        <h2 className="text-xl">{words.holders}</h2>
        {coupon.redeemed > holders.length && <p className="text-sm text-muted">{words.newest(formatCount(holders.length), formatCount(coupon.redeemed))}</p>}
        <DataTable caption={words.holders} rows={holders} rowKey={({ subscriptionId }) => subscriptionId} empty={<EmptyState title={words.noHolders}>{words.noHoldersText}</EmptyState>} columns={[
          { key: 'consumer', header: words.consumer, cell: (row) => <TextLink to={`/workspace/consumers/${row.consumerId}/billing`} className="block min-w-28 wrap-anywhere">{row.consumerName}</TextLink> },
          { key: 'plan', header: words.plan, from: 'sm', cell: (row) => `${row.productSlug}, ${row.planName}` },
          { key: 'at', header: words.at, from: 'md', cell: (row) => <Time ms={row.at} day /> },
          { key: 'left', header: words.left, align: 'right', cell: (row) => row.periodsLeft ?? words.allBills },
          { key: 'invoices', header: words.invoices, align: 'right', from: 'sm', cell: (row) => formatCount(row.invoices) },
          { key: 'took', header: words.took, align: 'right', cell: (row) => (row.tookOff.length === 0 ? texts.ui.noValue : row.tookOff.map(({ currency, amount }) => <span key={currency} className="block"><Amount amount={amount} currency={currency} /></span>)) },
        ]} />
        {holders.length > 0 && <p className="text-sm text-muted">{words.tookNote}</p>}
      </section>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <div className="min-w-0"><dt className="text-sm text-muted">{name}</dt><dd>{children}</dd></div>;
}

function totalsOf(holders: CouponHolder[]): { currency: string; amount: string }[] {
  return [...Map.groupBy(holders.flatMap(({ tookOff }) => tookOff), ({ currency }) => currency)].map(([currency, group]) => {
    const places = minorPlacesOf(currency);
    return { currency, amount: decimalText(group.reduce((sum, { amount }) => sum + scaleDecimal(amount, places), 0n), places) };
  });
}
