import { formatMoney } from '../ui/money.ts';

export function Amount({ amount, currency }: { amount: string; currency: string }) {
  return <span className="whitespace-nowrap tabular-nums">{formatMoney(amount, currency)}</span>;
}
