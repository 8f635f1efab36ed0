// The words of each kind of notice: for the page and for mails alike.
import { utc } from '../mail/messages.ts';
import type { NoticeKind } from '../services.ts';

type Detail = Record<string, unknown>;
export interface NoticeWords { title: string; text: string; path: string }

const count = new Intl.NumberFormat('en-US');

const words: Record<NoticeKind, (detail: Detail) => NoticeWords> = {
  'limit.near': (detail) => ({
    title: `80 % of ${limitName(detail)} is used`,
    text: `${used(detail)}. At ${number(detail['requests'])}, calls are refused with 429 quota_exhausted until ${time(detail['resetsAt'])}. ${wayOut(detail)}`, path: '/dashboard/plan',
  }),
  'limit.reached': (detail) => ({
    title: capital(`${limitName(detail)} is used up`),
    text: `${used(detail)}. Calls are refused with 429 quota_exhausted until ${time(detail['resetsAt'])}. ${wayOut(detail)}`, path: '/dashboard/plan',
  }),
  'key.expiring': (detail) => ({ title: `Key ${word(detail['name'])} expires soon`, text: `${word(detail['masked'])} stops working on ${time(detail['expiresAt'])}. Move its end, or roll it and exchange it before then.`, path: `/dashboard/keys/${word(detail['keyId'])}` }),
  'key.expired': (detail) => ({ title: `Key ${word(detail['name'])} has expired`, text: `${word(detail['masked'])} stopped working on ${time(detail['expiresAt'])}. Calls with it are refused with 401 key_expired.`, path: `/dashboard/keys/${word(detail['keyId'])}` }),
  'key.rolled': (detail) => ({ title: `Key ${word(detail['name'])} was rolled by ${who(detail)}`, text: `${word(detail['masked'])} works until ${time(detail['previousExpiresAt'])}. Exchange it for the key that took its place.`, path: '/dashboard/keys' }),
  'key.revoked': (detail) => ({ title: `Key ${word(detail['name'])} was revoked by ${who(detail)}`, text: `${word(detail['masked'] ?? 'It')} is refused with 401 key_revoked from now on.`, path: '/dashboard/keys' }),
  'invoice.finalised': (detail) => ({
    title: `Invoice ${word(detail['number'])}: ${word(detail['total'])} ${word(detail['currency']).toUpperCase()}`,
    text: /[1-9]/.test(word(detail['due'])) ? `${word(detail['due'])} ${word(detail['currency']).toUpperCase()} is due on ${time(detail['dueAt'])}.` : 'Prepaid credit pays all of it.', path: `/dashboard/invoices/${word(detail['id'])}`,
  }),
  'invoice.credited': (detail) => ({ title: `Credit note ${word(detail['number'])} over ${word(detail['amount'])} ${word(detail['currency']).toUpperCase()}`, text: `It reverses lines of invoice ${word(detail['corrects'])}.`, path: `/dashboard/invoices/${word(detail['id'])}` }),
  'payment.failed': (detail) => ({
    title: `Invoice ${word(detail['number'])} could not be paid`,
    text: `${money(detail)} is open: ${reason(detail)} ${typeof detail['retryAt'] === 'number' ? `It is tried again on ${time(detail['retryAt'])}. Until then you can enter another payment method or pay at once.` : 'Pay it on its page, or enter another payment method.'}`, path: `/dashboard/invoices/${word(detail['id'])}`,
  }),
  'payment.uncollectible': (detail) => ({
    title: `Invoice ${word(detail['number'])} is unpaid, and your plan ends with its period`,
    text: `${money(detail)} could not be collected: ${reason(detail)} It is not tried again, and the subscription is cancelled for the end of its period. Pay the invoice and resume the plan to keep it.`, path: `/dashboard/invoices/${word(detail['id'])}`,
  }),
  'payment.refunded': (detail) => ({ title: `${money(detail)} was paid back`, text: `It belongs to invoice ${word(detail['number'])} and goes the way it came; your bank may take some days.`, path: '/dashboard/invoices' }),
  'plan.approved': (detail) => ({ title: `Your request for the plan ${word(detail['plan'])} was approved`, text: `${word(detail['productName'])} serves your calls on it from now on, with the keys that you have.${said(detail)}`, path: '/dashboard/plan' }),
  'plan.declined': (detail) => ({ title: `Your request for the plan ${word(detail['plan'])} was declined`, text: `Your subscription to ${word(detail['productName'])} stays as it was before the request.${said(detail) || ' The producer can tell you why.'}`, path: '/dashboard/plan' }),
  'plan.moved': (detail) => ({ title: `You are on the plan ${word(detail['plan'])} of ${word(detail['productName'])} now`, text: `The change from ${word(detail['from'])} took effect on ${time(detail['effectiveAt'])}. Your keys work on.${typeof detail['spendCap'] === 'string' ? ' Your spend cap was taken away, since the currency is another: set a new one.' : ''}`, path: '/dashboard/plan' }),
  'subscription.ended': (detail) => ({ title: `Your subscription to ${word(detail['productName'])} has ended`, text: `It was cancelled and ended on ${time(detail['effectiveAt'])}. Calls are refused with 403 subscription_inactive. Its usage and bills stay.`, path: '/dashboard/plan' }),
  'prices.change': (detail) => ({ title: `The prices of ${word(detail['planName'])} of ${word(detail['productName'])} change`, text: `From ${time(detail['effectiveAt'])} on, the prices on the product's page hold for you. Until then yours stay.`, path: `/${word(detail['productSlug'])}#plans` }),
  'prices.kept': (detail) => ({ title: `Your prices for ${word(detail['productName'])} stay as they are`, text: `The change of ${word(detail['planName'])} that was announced is withdrawn.`, path: '/dashboard/plan' }),
  'spend.near': (detail) => ({ title: `${number(detail['share'])} % of your spend cap for ${word(detail['productName'])} is spent`, text: `${word(detail['spent'])} of ${word(detail['cap'])} ${word(detail['currency'])} in the period that ends on ${time(detail['resetsAt'])}. At the cap, calls are refused with 429 spend_cap_reached.`, path: '/dashboard/plan' }),
  'spend.reached': (detail) => ({ title: `Your spend cap for ${word(detail['productName'])} is reached`, text: `${word(detail['spent'])} of ${word(detail['cap'])} ${word(detail['currency'])} is spent. Calls are refused with 429 spend_cap_reached until ${time(detail['resetsAt'])}, or until you raise the cap.`, path: '/dashboard/plan' }),
  'case.approved': (detail) => ({ title: `${word(detail['approvedBy'])} approved the plan ${word(detail['plan'])}`, text: `${word(detail['productName'])} serves your calls on it ${typeof detail['effectiveAt'] === 'number' ? `from ${time(detail['effectiveAt'])} on` : 'from now on'}, with the keys that you have.`, path: '/dashboard/plan' }),
  'version.deprecated': (detail) => ({
    title: `${word(detail['productName'])} ${word(detail['version'])} is deprecated`,
    text: `You called it within the last 30 days. ${typeof detail['sunsetAt'] === 'number' ? `It answers until ${time(detail['sunsetAt'])}, then with 410 version_retired.` : 'No end is set yet.'} ${successor(detail)}`.trim(), path: versionPath(detail),
  }),
  'version.sunset': (detail) => ({
    title: detail['days'] === 0 ? `${word(detail['productName'])} ${word(detail['version'])} has ended` : `${word(detail['productName'])} ${word(detail['version'])} ends ${detail['days'] === 1 ? 'within a day' : `in ${word(detail['days'])} days or less`}`,
    text: `You called it within the last 30 days. ${detail['days'] === 0 ? 'Since' : 'From'} ${time(detail['sunsetAt'])} it answers with 410 version_retired. ${successor(detail)}`.trim(), path: versionPath(detail),
  }),
  'developer.joined': (detail) => ({ title: `${detail['by'] === null ? 'A developer' : word(detail['by'])} joined your account`, text: 'They see usage, requests and keys, and may make and revoke keys.', path: '/dashboard/team' }),
  'consumer.blocked': () => ({ title: 'Your account was blocked by the producer', text: 'Every call with its keys is refused with 403 consumer_blocked. Keys and usage stay. Ask the producer why.', path: '/dashboard' }),
  'consumer.unblocked': () => ({ title: 'Your account is open again', text: 'Its keys work as before.', path: '/dashboard' }),
};

export function noticeWords(kind: NoticeKind, detail: Detail): NoticeWords {
  return words[kind](detail);
}

function money(detail: Detail): string {
  return `${word(detail['amount'])} ${word(detail['currency']).toUpperCase()}`;
}
function reason(detail: Detail): string {
  return typeof detail['reason'] === 'string' ? detail['reason'] : 'The payment was declined.';
}
function limitName(detail: Detail): string {
  const whose = detail['limit'] === 'unverified' ? 'the daily cap of an unverified account' : `the ${word(detail['limit'])} limit of ${word(detail['productName'])}`;
  return `${whose}${detail['mode'] === 'test' ? ' in test mode' : ''}`;
}
function used(detail: Detail): string {
  return `${number(detail['used'])} of ${number(detail['requests'])} calls are used${detail['limit'] === 'unverified' ? '' : ` on the plan ${word(detail['planName'])}`}`;
}
function wayOut(detail: Detail): string {
  return detail['limit'] === 'unverified' ? 'Verify your e-mail address and the cap is lifted.' : 'Another plan may include more.';
}
function successor(detail: Detail): string {
  return typeof detail['successor'] === 'string' ? `Move to ${detail['successor']}.` : '';
}
function versionPath(detail: Detail): string {
  return `/${word(detail['productSlug'])}/${word(detail['version'])}`;
}
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const who = (detail: Detail): string => (typeof detail['by'] === 'string' ? detail['by'] : 'the producer');
const word = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const number = (value: unknown): string => count.format(Number(value));
const time = (value: unknown): string => utc(Number(value));

/** What the producer wrote beside a decision. */
function said(detail: Record<string, unknown>): string {
  return typeof detail['message'] === 'string' ? ` The producer says: ${detail['message']}` : '';
}
