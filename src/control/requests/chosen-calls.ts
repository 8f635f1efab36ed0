import type { EventFilter } from '../../events/event-store.ts';
import { AppError } from '../../errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Actor, CallFilter } from '../services.ts';
import { chosenConsumer, chosenProduct } from '../usage/chosen.ts';

/** The calls that the actor means and may see. @throws AppError `not_found` for another's account, `input_invalid` for a status that is none. */
export async function chosenCalls({ database }: Pick<ControlDeps, 'database'>, actor: Actor, input: CallFilter): Promise<EventFilter> {
  if (input.status !== undefined && !/^[1-5](xx|\d\d)$/i.test(input.status)) throw new AppError('input_invalid', `"${input.status}" is no status: write one such as 404, or a class such as 4xx.`, { errors: [{ pointer: '/status', detail: 'must be such as 404 or 4xx' }] });
  const query = database.kysely;
  return {
    ...defined('consumerId', await chosenConsumer(query, actor, input)),
    ...defined('productId', await chosenProduct(query, actor, input.productSlug)),
    ...defined('keyId', input.keyId), ...defined('operation', input.operation), ...defined('version', input.version), ...defined('mode', input.mode),
    ...defined('status', input.status?.toLowerCase()), ...defined('code', input.code),
  };
}

export function defined<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [key in K]?: V };
}
