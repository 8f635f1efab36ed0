/** `INV-000042`: at least six digits. */
export function invoiceNumber(prefix: string, count: number): string {
  return `${prefix}${String(count).padStart(6, '0')}`;
}
