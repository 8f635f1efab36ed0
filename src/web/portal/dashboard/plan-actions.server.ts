import { redirect } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { orPaymentMethod } from '../../or-payment-method.server.ts';
import { text, type DeveloperActor, type Page } from '../../page.server.ts';
import { texts } from '../../texts.ts';

const words = texts.planPage;

/** What the forms of the plan page do: each ends at the page with what was done; a new case answers its link, which is shown once. @throws a redirect; AppError of the service. */
export async function changePlanPage(services: Page['services'], actor: DeveloperActor, form: FormData): Promise<{ link: string; subscriptionId: string }> {
  const subscriptionId = text(form, 'subscription');
  if (text(form, 'intent') === 'case') return { link: (await services.upgradeCases.create(actor, { subscriptionId, message: text(form, 'message') })).link, subscriptionId };
  const done = await change(services, actor, subscriptionId, form);
  throw redirect('/dashboard/plan', { headers: { 'set-cookie': flashCookie(done) } });
}

async function change(services: Page['services'], actor: DeveloperActor, subscriptionId: string, form: FormData): Promise<string> {
  const { subscriptions } = services;
  switch (text(form, 'intent')) {
    case 'change': {
      const planSlug = text(form, 'plan');
      const { planName, scheduledPlan, requestedPlan } = await orPaymentMethod(subscriptions.change(actor, { subscriptionId, planSlug }), `/dashboard/plan?${new URLSearchParams({ of: subscriptionId, plan: planSlug })}`);
      return requestedPlan ? words.askedDone(requestedPlan.name) : scheduledPlan ? words.scheduledDone(scheduledPlan.name) : words.changedDone(planName);
    }
    case 'cancel':
      return words.cancelledDone((await subscriptions.cancel(actor, { subscriptionId })).productName);
    case 'resume':
      return words.resumedDone((await subscriptions.resume(actor, { subscriptionId })).planName);
    case 'coupon':
      return words.redeemedDone((await services.coupons.redeem(actor, { subscriptionId, code: text(form, 'code') })).code);
    case 'revoke-case':
      await services.upgradeCases.revoke(actor, { caseId: text(form, 'case') });
      return words.caseRevoked;
    default: {
      const cap = text(form, 'cap');
      const alerts = form.getAll('alerts').map(Number);
      return (await subscriptions.setSpendCap(actor, { subscriptionId, cap: cap === '' ? null : cap, alerts })).spendCap === null ? words.capRemoved : words.capSet;
    }
  }
}
