import type { ReactNode } from 'react';
import { Form } from 'react-router';
import type { RedeemedCoupon, RunningBill, SubscriptionSummary, UpgradeCase } from '../../../control/services.ts';
import type { Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Checkbox, FormField, TextArea } from '../../ui/form-field.tsx';
import { ChevronDown } from '../../ui/icon.ts';
import { formatMoney } from '../../ui/money.ts';
import { Time } from '../../ui/time.tsx';

const words = texts.planPage;

interface Props { subscription: SubscriptionSummary; bill: RunningBill; coupons: RedeemedCoupon[]; cases: UpgradeCase[]; /** Of the form that was sent last, if it was of this subscription. */ sent: { intent: string; problem: Problem | undefined } | null; paid: boolean }

/** What the account decides for itself. Each folds open without scripts, and stands open where something was wrong. */
export function PlanSettings(props: Props) {
  return (
    <div className="max-w-3xl border-t">
      <Fold title={words.cap} note={props.bill.spendCap === null ? words.noCap : formatMoney(props.bill.spendCap, props.bill.soFar.currency)} open={props.sent?.intent === 'cap'}><SpendCapForm {...props} /></Fold>
      <Fold title={words.coupons} note={props.coupons.length === 0 ? words.noCoupons : props.coupons.map(({ code }) => code).join(', ')} open={props.sent?.intent === 'coupon'}><CouponForm {...props} /></Fold>
      <Fold title={words.caseTitle} note={words.caseNote} open={props.sent?.intent === 'case'}><Cases {...props} /></Fold>
      {props.subscription.cancelsAt === null && <Fold title={words.cancelTitle} note={null} open={props.sent?.intent === 'cancel'}><Cancel {...props} /></Fold>}
    </div>
  );
}

function Fold({ title, note, open, children }: { title: string; note: ReactNode; open: boolean; children: ReactNode }) {
  return (
    <details className="group border-b" open={open}>
      <summary className="flex min-h-11 cursor-pointer flex-wrap items-center gap-x-3 py-2"><span className="font-medium">{title}</span>{note && <span className="min-w-0 truncate text-sm text-muted">{note}</span>}<ChevronDown className="ml-auto size-4 shrink-0 text-muted group-open:rotate-180" aria-hidden="true" /></summary>
      <div className="space-y-3 pb-4">{children}</div>
    </details>
  );
}

function SpendCapForm({ subscription, bill, sent }: Props) {
  const problem = sent?.intent === 'cap' ? sent.problem : undefined;
  const currency = bill.soFar.currency.toUpperCase();
  return (
    <>
      <p className="text-muted">{words.capText}</p>
      <Form method="post" className="space-y-3">
        <input type="hidden" name="subscription" value={subscription.id} />
        <div className="max-w-56"><FormField id={`cap-${subscription.id}`} label={words.capLabel(currency)} name="cap" inputMode="decimal" autoComplete="off" defaultValue={bill.spendCap ?? ''} hint={words.capHint} problem={problem} /></div>
        <fieldset className="flex flex-wrap gap-x-6 gap-y-1"><legend className="pb-1 text-sm font-medium">{words.alerts}</legend>{[50, 80, 100].map((share) => <Checkbox key={share} id={`alert-${share}-${subscription.id}`} label={`${share} %`} name="alerts" value={String(share)} defaultChecked={bill.spendAlerts.includes(share)} />)}</fieldset>
        <Submit kind="plain" doing={words.saving} name="intent" value="cap">{words.capSave}</Submit>
      </Form>
    </>
  );
}

function CouponForm({ subscription, coupons, sent }: Props) {
  return (
    <>
      {coupons.length > 0 && <ul>{coupons.map((coupon) => <li key={coupon.code} className="flex flex-wrap gap-x-3 border-t py-1.5"><code>{coupon.code}</code><span>{coupon.percent === null ? words.takesOff(formatMoney(coupon.amount!, coupon.currency!)) : words.takesOff(`${coupon.percent} %`)}</span><span className="text-muted">{words.billsLeft(coupon.periodsLeft)}</span></li>)}</ul>}
      <Form method="post" className="flex flex-wrap items-end gap-2">
        <input type="hidden" name="subscription" value={subscription.id} />
        <div className="w-56"><FormField id={`code-${subscription.id}`} label={words.couponLabel} name="code" required maxLength={40} autoComplete="off" problem={sent?.intent === 'coupon' ? sent.problem : undefined} /></div>
        <Submit kind="plain" doing={words.saving} name="intent" value="coupon">{words.couponRedeem}</Submit>
      </Form>
    </>
  );
}

function Cases({ subscription, cases, sent }: Props) {
  return (
    <>
      <p className="text-muted">{words.caseText}</p>
      {cases.length > 0 && (
        <ul>
          {cases.map((row) => (
            <li key={row.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t py-1.5">
              <span><Time ms={row.createdAt} day /></span><Badge tone={row.state === 'approved' ? 'good' : row.state === 'open' ? 'notice' : 'quiet'}>{words.caseStates[row.state]}</Badge>
              <span className="min-w-0 break-words text-muted">{row.state === 'approved' ? words.caseApproved(row.approvedBy ?? '') : row.state === 'open' ? <>{words.caseUntil} <Time ms={row.expiresAt} day /></> : ''}</span>
              {row.state === 'open' && <Form method="post"><input type="hidden" name="subscription" value={subscription.id} /><input type="hidden" name="case" value={row.id} /><Submit kind="quiet" doing={words.caseRevoking} name="intent" value="revoke-case">{words.caseRevoke}</Submit></Form>}
            </li>
          ))}
        </ul>
      )}
      <Form method="post" className="space-y-3">
        <input type="hidden" name="subscription" value={subscription.id} />
        <TextArea id={`message-${subscription.id}`} label={words.caseMessage} name="message" rows={2} maxLength={1_000} hint={words.caseHint} problem={sent?.intent === 'case' ? sent.problem : undefined} />
        <Submit kind="plain" doing={words.caseMaking} name="intent" value="case">{words.caseMake}</Submit>
      </Form>
    </>
  );
}

function Cancel({ subscription, paid }: Props) {
  return (
    <Form method="post" className="space-y-3">
      <input type="hidden" name="subscription" value={subscription.id} />
      <p>{words.cancelText} {subscription.period && <Time ms={subscription.period.to} day />}. {paid ? words.cancelPaid : words.cancelFree}</p>
      <Submit kind="danger" doing={words.cancelling} name="intent" value="cancel">{words.cancel}</Submit>
    </Form>
  );
}
