import { Form } from 'react-router';
import type { InvoiceDetail } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { Submit } from '../ui/button.tsx';
import { formatMoney } from '../ui/money.ts';
import { Notice } from '../ui/notice.tsx';
import { TextLink } from '../ui/text-link.tsx';

const words = texts.payments;

/** What became of the money of an open invoice, and how its consumer pays it. */
export function PaymentState({ invoice, provider, method }: { invoice: InvoiceDetail; provider: 'manual' | 'stripe'; method: string | null }) {
  const { kind, state, paymentState, open, currency, payments } = invoice;
  if (provider === 'manual' || kind !== 'invoice' || state !== 'finalised' || !/[1-9]/.test(open)) return null;
  const failed = paymentState === 'failed' || paymentState === 'uncollectible';
  const reason = failed ? payments.findLast((payment) => payment.state === 'failed')?.error : null;
  return (
    <Notice tone={failed ? 'bad' : 'notice'} title={words.states[paymentState]}>
      <p>{reason} {paymentState === 'none' && method === null ? words.noMethod : words.meanings[paymentState]}</p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pt-2">
        {paymentState !== 'processing' && <Form method="post"><Submit doing={words.opening}>{words.payNow(formatMoney(open, currency))}</Submit></Form>}
        <TextLink to="/dashboard/payment">{method ?? words.add}</TextLink>
      </div>
    </Notice>
  );
}
