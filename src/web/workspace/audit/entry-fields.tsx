import { texts } from '../../texts.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Time } from '../../ui/time.tsx';
import { fieldChanges, type FieldChange, type Leaf } from './field-changes.ts';

const words = texts.workspaceAudit;
type Fields = Record<string, unknown> | null;

/** What was and what is, field by field. */
export function EntryFields({ before, after }: { before: Fields; after: Fields }) {
  const changes = fieldChanges(before, after);
  if (changes.length === 0) return <p className="text-sm text-muted">{words.noFields}</p>;
  const field = { key: 'field', header: words.field, cell: (row: FieldChange) => <span className="whitespace-nowrap">{fieldWords(row.field)}</span> };
  const was = { key: 'before', header: words.before, cell: (row: FieldChange) => <Value field={row.field} value={row.before} /> };
  const is = { key: 'after', header: words.after, cell: (row: FieldChange) => <Value field={row.field} value={row.after} /> };
  return <div className="max-w-4xl text-sm"><DataTable caption={words.changes} rows={changes} rowKey={(row) => row.field} columns={[field, ...(before === null ? [] : [was]), ...(after === null ? [] : [is])]} /></div>;
}

function Value({ field, value }: { field: string; value: Leaf | undefined }) {
  if (value === undefined || value === null || value === '') return <span className="text-muted">{words.nothing}</span>;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number' && /(At|_at|until)$/.test(field) && value > 1e11) return <Time ms={value} />;
  return <span className="break-words">{String(value)}</span>;
}

const fieldWords = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ');
