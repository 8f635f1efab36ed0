import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import type { Problem } from '../../page.server.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';
import { CouponBadge, couponState, couponWorth, redeemedText } from './coupon-view.tsx';

const words = texts.coupons;
const dayMs = 86_400_000;
const fields = ['code', 'percent', 'amount', 'currency', 'productSlug', 'periods', 'redemptionsMax', 'expiresAt'];

export const loader = load(async ({ services, member }) => {
  const actor = await member();
  const [coupons, products] = await Promise.all([services.coupons.list(actor), services.products.list(actor)]);
  const now = Date.now();
  return { coupons: coupons.map((coupon) => ({ ...coupon, state: couponState(coupon, now) })), products: products.map(({ slug, name }) => ({ slug, name })) };
});

export const action = act(async ({ form, services, member }): Promise<{ problem?: undefined }> => {
  const given = (name: string): string | undefined => text(form, name) || undefined;
  const whole = (name: string): number | undefined => (given(name) === undefined ? undefined : Number(given(name)));
  const lastDay = given('expiresAt');
  const { code } = await services.coupons.create(await member(), {
    code: text(form, 'code'), percent: given('percent')?.replace(',', '.'), amount: given('amount')?.replace(',', '.'), currency: given('amount') === undefined ? undefined : given('currency'), productSlug: given('productSlug'),
    periods: whole('periods'), redemptionsMax: whole('redemptionsMax'), expiresAt: lastDay === undefined ? undefined : Date.parse(lastDay) + dayMs,
  });
  throw redirect(`/workspace/coupons/${encodeURIComponent(code)}`, { headers: { 'set-cookie': flashCookie(words.created(code)) } });
});

export default function Coupons() {
  const { coupons, products } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('billing.change');
  return (
    <div className="space-y-8">
      <title>{words.title}</title>
      <div className="space-y-2"><BackLink to="/workspace/invoices">{texts.invoices.title}</BackLink><h1 className="text-2xl">{words.title}</h1><p className="max-w-[70ch] text-muted">{words.intro}</p></div>
      <DataTable caption={words.title} rows={coupons} rowKey={({ id }) => id} empty={<EmptyState title={words.none}>{mayChange ? words.noneText : words.noneReadOnly}</EmptyState>} columns={[
        { key: 'code', header: words.code, cell: (row) => <TextLink to={`/workspace/coupons/${encodeURIComponent(row.code)}`} className="block min-w-28 font-mono wrap-anywhere">{row.code}</TextLink> },
        { key: 'state', header: words.state, cell: ({ state }) => <CouponBadge state={state} /> },
        { key: 'worth', header: words.takesOff, align: 'right', cell: couponWorth },
        { key: 'bills', header: words.bills, align: 'right', from: 'sm', cell: ({ periods }) => periods ?? words.allBills },
        { key: 'product', header: words.product, from: 'md', cell: ({ productSlug }) => productSlug ?? words.everyProduct },
        { key: 'redeemed', header: words.redeemed, align: 'right', cell: redeemedText },
        { key: 'expires', header: words.lastDay, from: 'md', cell: ({ expiresAt }) => (expiresAt === null ? words.never : <Time ms={expiresAt - 1} day />) },
      ]} />
      {mayChange && <NewCouponForm products={products} problem={problem} />}
    </div>
  );
}

function NewCouponForm({ products, problem }: { products: { slug: string; name: string }[]; problem: Problem | undefined }) {
  return (
    <section className="max-w-3xl space-y-4 border-t pt-6">
      <h2 id="create" className="text-xl">{words.create}</h2>
      <ProblemNotice problem={problem} fields={fields} />
      <Form method="post" className="space-y-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <FormField label={words.code} name="code" required minLength={3} maxLength={40} autoCapitalize="characters" autoComplete="off" spellCheck={false} hint={words.codeHint} problem={problem} />
          <SelectField label={words.product} name="productSlug" problem={problem}><option value="">{words.everyProduct}</option>{products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
        </div>
        <div className="grid gap-4 sm:grid-cols-3">
          <FormField label={words.percent} name="percent" inputMode="decimal" maxLength={8} hint={words.percentHint} problem={problem} />
          <FormField label={words.amount} name="amount" inputMode="decimal" maxLength={30} hint={words.amountHint} problem={problem} />
          <FormField label={words.currency} name="currency" maxLength={3} autoCapitalize="none" hint={words.currencyHint} problem={problem} />
          <FormField label={words.periods} name="periods" type="number" min={1} max={1_000_000} hint={words.periodsHint} problem={problem} />
          <FormField label={words.redemptionsMax} name="redemptionsMax" type="number" min={1} max={1_000_000} hint={words.redemptionsHint} problem={problem} />
          <FormField label={words.expires} name="expiresAt" type="date" hint={words.expiresHint} problem={problem} />
        </div>
        <Submit doing={words.creating}>{words.create}</Submit>
      </Form>
    </section>
  );
}
