import { sql, type Kysely } from 'kysely';
import type { Engine } from '../migrate.ts';

/** What an invoice with a number says. Its state, its payment and when it was paid or made void may change. */
const fixed = ['id', 'number', 'kind', 'consumer_id', 'subscription_id', 'period_id', 'corrects_invoice_id', 'currency', 'subtotal', 'tax_name', 'tax_percent', 'tax', 'total', 'credit', 'due', 'seller', 'buyer', 'created_at', 'finalised_at', 'due_at'];
const words = 'an invoice that has a number stays as it is';

/** The database itself refuses to change or delete an invoice that has a number, and its lines: whatever a program does wrong. */
export async function guardInvoices(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const of = (row: string): string => fixed.map((column) => `${row}.${column}`).join(', ');
  const run = async (text: string): Promise<void> => void (await sql.raw(text).execute(db));
  if (engine === 'sqlite') {
    const refuse = `begin select raise(abort, '${words}'); end`;
    const isFinal = '(select number from invoice where id = old.invoice_id) is not null';
    await run(`create trigger invoice_is_final before update on invoice when old.number is not null and (new.state = 'draft' or (${of('old')}) is not (${of('new')})) ${refuse}`);
    await run(`create trigger invoice_is_kept before delete on invoice when old.number is not null ${refuse}`);
    await run(`create trigger invoice_line_is_final before update on invoice_line when ${isFinal} ${refuse}`);
    await run(`create trigger invoice_line_is_kept before delete on invoice_line when ${isFinal} ${refuse}`);
    return;
  }
  await run(`create function refuse_final_invoice() returns trigger language plpgsql as $$
begin
  raise exception '${words}';
end $$`);
  await run(`create function refuse_final_invoice_line() returns trigger language plpgsql as $$
begin
  if exists (select 1 from invoice where id = old.invoice_id and number is not null) then
    raise exception '${words}';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end $$`);
  await run(`create trigger invoice_is_final before update on invoice for each row when (old.number is not null and (new.state = 'draft' or (${of('old')}) is distinct from (${of('new')}))) execute function refuse_final_invoice()`);
  await run('create trigger invoice_is_kept before delete on invoice for each row when (old.number is not null) execute function refuse_final_invoice()');
  await run('create trigger invoice_line_is_final before update or delete on invoice_line for each row execute function refuse_final_invoice_line()');
}
