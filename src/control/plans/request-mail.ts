// Tells the members who may decide that a plan is asked for.
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import { messages } from '../mail/messages.ts';
import { rightsOf } from '../rights.ts';
import type { Role, SubscriptionSummary } from '../services.ts';

const membersMax = 100;

export interface PlanLetters {
  mailbox: Pick<Mailbox, 'post' | 'deliver'>;
  /** `portal.name` of portico.yaml. */
  portalName(): Promise<string>;
}

/** Inside the transaction in which the plan was asked for. Only proven addresses get mail. */
export async function postPlanRequest(deps: Pick<ControlDeps, 'config'>, query: Query, { mailbox, portal }: { mailbox: PlanLetters['mailbox']; portal: string }, subscription: SubscriptionSummary): Promise<void> {
  const consumer = await query.selectFrom('consumer').select('name').where('id', '=', subscription.consumerId).executeTakeFirstOrThrow();
  const members = await query.selectFrom('member').innerJoin('user', 'user.id', 'member.user_id').select(['user.email', 'user.emailVerified', 'member.role']).orderBy('member.id').limit(membersMax).execute();
  for (const { email, emailVerified, role } of members) {
    if (!emailVerified || !rightsOf(role as Role).includes('consumers.change')) continue;
    await mailbox.post(query, messages.planRequested({
      to: email, portal, consumer: consumer.name, product: subscription.productName, plan: subscription.requestedPlan?.name ?? subscription.planName,
      present: subscription.requestedPlan ? subscription.planName : null, link: `${deps.config.webUrl}/workspace/approvals`,
    }));
  }
}
