import { redirect } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { text, type MemberActor, type Page } from '../../page.server.ts';
import { texts } from '../../texts.ts';

const words = texts.workspaceConsumers;

/** What the page of one consumer can do; each ends at the same page, with what was done. @throws a redirect; AppError of the service. */
export async function changeConsumer(services: Page['services'], actor: MemberActor, consumerId: string, form: FormData): Promise<never> {
  const done = await change(services, actor, consumerId, form);
  throw redirect(`/workspace/consumers/${consumerId}`, done === undefined ? {} : { headers: { 'set-cookie': flashCookie(done) } });
}

async function change(services: Page['services'], actor: MemberActor, consumerId: string, form: FormData): Promise<string | undefined> {
  const intent = text(form, 'intent');
  switch (intent) {
    case 'approve':
    case 'decline':
      await services.plans.decide(actor, { subscriptionId: text(form, 'subscription'), approve: intent === 'approve' });
      return undefined;
    case 'block':
    case 'unblock': {
      await services.consumers.block(actor, { consumerId, blocked: intent === 'block' });
      const { name } = await services.consumers.get(actor, consumerId);
      return intent === 'block' ? words.blockedDone(name) : words.unblockedDone(name);
    }
    case 'note':
      await services.consumers.addNote(actor, { consumerId, text: text(form, 'note') });
      return words.noteDone;
    case 'rename':
      await services.consumers.rename(actor, { consumerId, name: text(form, 'name') });
      return words.renamedDone(text(form, 'name'));
    case 'move':
      return words.movedDone((await services.plans.subscribe(actor, { consumerId, productSlug: text(form, 'product'), planSlug: text(form, 'plan') })).planName);
    case 'revoke':
      return words.revokedDone((await services.keys.revoke(actor, { id: text(form, 'key') })).name);
    default:
      return undefined;
  }
}
