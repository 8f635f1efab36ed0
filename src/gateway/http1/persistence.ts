import { listMembers } from '../fields.ts';
import { fieldIds, type FieldList, hasField, isRepeated, valueOf } from './field-section.ts';

/** Another message may follow on the connection (RFC 9112 section 9.3). @param head `minor` is that of HTTP/1 */
export function isPersistent(head: FieldList & { readonly minor: number }): boolean {
  if (!hasField(head, fieldIds.connection)) return head.minor === 1;
  const said = valueOf(head, fieldIds.connection);
  if (!isRepeated(head, fieldIds.connection) && (said === 'keep-alive' || said === 'Keep-Alive')) return true;
  const options = listMembers(head, 'connection');
  return !options.includes('close') && (head.minor === 1 || options.includes('keep-alive'));
}
