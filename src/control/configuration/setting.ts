import type { Query } from '../../store/database.ts';

export async function readSetting<T>(query: Query, name: string): Promise<T | undefined> {
  const row = await query.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.value) as T);
}

export async function writeSetting(query: Query, name: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  await query.insertInto('setting').values({ name, value: text }).onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text })).execute();
}
