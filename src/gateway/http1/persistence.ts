import { hasField, type FieldList } from './field-section.ts';

/** Another message may follow on the connection (RFC 9112 section 9.3). @param head `minor` is that of HTTP/1 */
export function isPersistent(head: FieldList & { readonly minor: number }): boolean {
  if (!hasField(head, 'connection')) return head.minor === 1;
  let said = '';
  for (let i = 0; i < head.names.length; i++) if (head.names[i] === 'connection') said += `,${head.fields[2 * i + 1]!}`;
  if (said === ',keep-alive' || said === ',Keep-Alive') return true;
  const options = said.toLowerCase().split(',').map((option) => option.trim());
  return !options.includes('close') && (head.minor === 1 || options.includes('keep-alive'));
}
