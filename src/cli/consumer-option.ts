// Whose subscriptions or credit: by id, or by the address of one of the consumer's developers.
import { AppError } from '../errors.ts';
import { text, UsageError } from './command.ts';
import type { CommandDefinition } from './command.ts';
import type { ManagementApi } from './management-api.ts';

export const consumerOptions: NonNullable<CommandDefinition['options']> = [
  { flags: '--email <address>', meaning: 'Whose: the address of one of its developers.' },
  { flags: '--consumer <id>', meaning: 'Whose: its id, such as con_01K0..., instead of --email.' },
];

/** The path of the one consumer that the options name. @throws UsageError unless exactly one does, AppError `not_found`. */
export async function consumerPath(api: () => Promise<ManagementApi>, options: Parameters<typeof text>[0]): Promise<string> {
  const [id, email] = [text(options, 'consumer'), text(options, 'email')];
  if ((id === undefined) === (email === undefined)) throw new UsageError(id === undefined ? 'Say whose: --email or --consumer is missing.' : '--email and --consumer both say whose. Keep one.');
  if (id !== undefined) return `/api/v1/consumers/${encodeURIComponent(id)}`;
  const { consumers } = await (await api()).get<{ consumers: { id: string }[] }>('/api/v1/consumers', { email: email!, limit: 1 });
  if (consumers[0] === undefined) throw new AppError('not_found', `Nobody here has the address ${email}.`);
  return `/api/v1/consumers/${consumers[0].id}`;
}
