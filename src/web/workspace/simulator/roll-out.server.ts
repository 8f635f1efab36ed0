// The roll-out's form: first what would happen, then that it happens.
import { redirect } from 'react-router';
import type { SimulatedConsumer } from '../../../control/services.ts';
import { flashCookie } from '../../flash.server.ts';
import { text, type Page } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { movers, type Movers } from './movers.ts';

export async function answerRollOut({ form, services, member, params }: Page & { form: FormData }) {
  const actor = await member();
  const id = params['simulation']!;
  const chosenMovers: Movers = movers.find((each) => each === text(form, 'movers')) ?? 'none';
  const chosen = form.getAll('consumer').map(String);
  const { result } = await services.simulator.getRun(actor, { id });
  const subscriptionIds = chosenMovers === 'chosen' ? subscriptionsOf(result?.consumers ?? [], new Set(chosen)) : chosenMovers;
  const date = text(form, 'at');
  if (text(form, 'intent') !== 'roll-out') {
    return { preview: { plans: await services.simulator.getRollOut(actor, { id, subscriptionIds }), movers: chosenMovers, chosen: chosenMovers === 'chosen' ? chosen : [], at: date } };
  }
  const at = chosenMovers === 'none' || !/^\d{4}-\d\d-\d\d$/.test(date) ? undefined : Date.parse(date);
  const { scheduled } = await services.simulator.rollOut(actor, { id, subscriptionIds, at });
  throw redirect(`/workspace/simulator/${id}`, { headers: { 'set-cookie': flashCookie(texts.simulator.rolledOut(scheduled)) } });
}

function subscriptionsOf(consumers: SimulatedConsumer[], chosen: ReadonlySet<string>): string[] {
  return consumers.filter(({ consumerId }) => chosen.has(consumerId)).flatMap(({ subscriptionIds }) => subscriptionIds);
}
