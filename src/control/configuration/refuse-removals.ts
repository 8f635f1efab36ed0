import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ConfigChange } from '../services.ts';
import { countSubscriptions } from './write-config.ts';

/**
 * Without `prune`, nothing that consumers use is removed: a product or plan with subscriptions, or a version of such a
 * product that is published or deprecated. A dry run says so in the change's details instead of refusing.
 */
export async function refuseRemovals(query: Query, changes: ConfigChange[], { dryRun, prune }: { dryRun: boolean; prune: boolean }): Promise<void> {
  const refused: string[] = [];
  for (const change of changes) {
    if (change.action !== 'remove') continue;
    const [product, plan] = change.name.split(' ') as [string, string?];
    if (change.noun === 'version' && (change.detail[0] === 'draft' || change.detail[0] === 'retired')) continue;
    const count = await countSubscriptions(query, product, change.noun === 'plan' ? plan : undefined);
    if (count === 0) continue;
    const words = `${count} subscription${count === 1 ? '' : 's'}`;
    change.detail.push(prune ? `ends ${words}` : `has ${words}: refused without --prune`);
    if (change.noun === 'version' && prune) change.detail[change.detail.length - 1] = `${words} can no longer call it`;
    refused.push(`the ${change.noun} ${change.name} (${words})`);
  }
  if (refused.length > 0 && !prune && !dryRun) throw new AppError('has_subscriptions', `This would remove ${refused.join(', ')}. Apply with --prune if you mean it.`, { errors: refused.map((name) => ({ detail: `Would remove ${name}.` })) });
}
