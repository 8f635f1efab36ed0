import { redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ConsumerBilling } from './consumer-billing.tsx';

const words = texts.consumerBilling;
const dayMs = 86_400_000;
const billedShown = 20;

export const loader = load(async ({ services, member, params }) => {
  const actor = await member();
  const consumerId = params['id']!;
  const consumer = await services.consumers.get(actor, consumerId);
  const active = consumer.subscriptions.filter(({ state, period }) => state === 'active' && period !== null).slice(0, billedShown);
  const billed = await Promise.all(active.map(async (subscription) => {
    const of = { subscriptionId: subscription.id };
    return { subscription, bill: await services.subscriptions.getRunningBill(actor, of), coupons: await services.coupons.listRedeemed(actor, of), history: await services.subscriptions.getHistory(actor, of) };
  }));
  return { consumerId, name: consumer.name, billed, credits: (await services.credits.list(actor, { consumerId })).grants };
});

export const action = act(async ({ form, services, member, params }): Promise<{ problem?: undefined }> => {
  const actor = await member();
  const consumerId = params['id']!;
  let done: string = words.withdrawn;
  if (text(form, 'intent') === 'grant-credit') {
    const day = text(form, 'expiresOn');
    const { amount, currency } = await services.credits.grant(actor, { consumerId, amount: text(form, 'amount'), currency: text(form, 'currency'), reason: text(form, 'reason'), expiresAt: day === '' ? null : Date.parse(`${day}T00:00:00Z`) + dayMs });
    done = words.granted(`${amount} ${currency.toUpperCase()}`);
  } else {
    await services.credits.withdraw(actor, { grantId: text(form, 'credit') });
  }
  throw redirect(`/workspace/consumers/${consumerId}/subscriptions`, { headers: { 'set-cookie': flashCookie(done) } });
});

export default function ConsumerSubscriptions() {
  const { consumerId, name, billed, credits } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <div className="space-y-6">
      <title>{words.titleOf(name)}</title>
      <BackLink to={`/workspace/consumers/${consumerId}`}>{name}</BackLink>
      <ProblemNotice problem={problem} fields={['amount', 'currency', 'reason', 'expiresOn']} />
      <ConsumerBilling billed={billed} credits={credits} problem={problem} />
    </div>
  );
}
