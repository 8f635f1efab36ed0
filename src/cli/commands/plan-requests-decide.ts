import { text } from '../command.ts';
import type { CommandDefinition, CommandInput } from '../command.ts';

interface Subscription { id: string; productSlug: string; planSlug: string; state: string }

const positional = { name: '<subscription>', meaning: 'Id of the subscription that asks, such as sub_01K0...' };
const options = [{ flags: '--message <text>', meaning: 'Goes to the developers of the account.' }];

export const planRequestsApprove: CommandDefinition = {
  name: 'approve', positional, options, running: true,
  summary: 'put a consumer on the plan that it asked for',
  description: 'Puts a consumer on the plan that it asked for. Answers once every connected gateway knows.',
  examples: [["portico plan-requests approve sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z --message 'Welcome.'", 'With a word to its developers.']],
  run: (input) => decide(input, true),
};

export const planRequestsDecline: CommandDefinition = {
  name: 'decline', positional, options, running: true,
  summary: 'decline a plan that a consumer asked for',
  description: 'Leaves the consumer on its present plan; a subscription that was itself pending ends.',
  examples: [["portico plan-requests decline sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z --message 'Growth fits your calls.'", 'With a word to its developers.']],
  run: (input) => decide(input, false),
};

async function decide({ positional: [id], options: given, terminal, api }: CommandInput, approve: boolean): Promise<void> {
  const management = await api();
  const message = text(given, 'message');
  const subscription = await terminal.progress(approve ? 'Approving, until every gateway knows' : 'Declining', () => management.post<Subscription>(`/api/v1/plan-requests/${encodeURIComponent(id!)}/decision`, { approve, ...(message !== undefined && { message }) }));
  terminal.printJson(subscription);
  const plan = `${subscription.productSlug}/${subscription.planSlug}`;
  terminal.print(approve ? `${subscription.id} is on ${plan}.` : subscription.state === 'ended' ? `${subscription.id} is declined and has ended.` : `${subscription.id} is declined and stays on ${plan}.`);
}
