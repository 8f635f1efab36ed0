/** `$49.00`, `$0.0005`: exact decimal text with its currency, never rounded below the digits it has. */
export function formatMoney(amount: string, currency: string): string {
  const fraction = amount.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency: currency.toUpperCase() });
  const digits = Math.max(format.resolvedOptions().maximumFractionDigits ?? 2, fraction);
  return new Intl.NumberFormat('en-US', { style: 'currency', currency: currency.toUpperCase(), minimumFractionDigits: Math.min(digits, 20), maximumFractionDigits: Math.min(digits, 20) }).format(amount as unknown as number);
}
