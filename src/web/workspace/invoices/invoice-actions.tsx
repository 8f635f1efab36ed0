import { Form } from 'react-router';
import type { InvoiceDetail } from '../../../control/services.ts';
import type { Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox, FormField, TextArea } from '../../ui/form-field.tsx';
import { formatMoney } from '../../ui/money.ts';

const words = texts.invoices;

/** What may be done with an invoice in its state: each asks before it does. */
export function InvoiceActions({ invoice, today, problem }: { invoice: InvoiceDetail; today: string; problem: Problem | undefined }) {
  const { kind, state, number } = invoice;
  if (kind === 'credit-note' || state === 'void') return null;
  const open = /[1-9]/.test(invoice.open);
  const untouched = invoice.payments.length === 0 && invoice.creditNotes.length === 0;
  const creditable = invoice.lines.some(({ amount, credited }) => amount !== credited.replace(/^-/, '') && !amount.startsWith('-') && /[1-9]/.test(amount));
  return (
    <div className="flex flex-wrap gap-2">
      {state === 'draft' && (
        <Confirm verb={words.finalise} title={words.finaliseTitle}>
          <p className="max-w-[60ch]">{words.finaliseMeaning}</p>
          <Form method="post" className="pt-3"><Submit doing={words.finalising} name="intent" value="finalise">{words.finalise}</Submit></Form>
        </Confirm>
      )}
      {state === 'finalised' && open && (
        <Dialog trigger={words.pay} title={words.payTitle(number ?? '', formatMoney(invoice.open, invoice.currency))} description={words.payMeaning} keepOpen={problem?.values?.['intent'] === 'pay'}>
          <Form method="post" className="space-y-4">
            <FormField label={words.payDay} name="at" type="date" defaultValue={today} required problem={problem} />
            <FormField label={words.payNote} name="note" maxLength={500} hint={words.payNoteHint} problem={problem} />
            <Submit doing={words.paying} name="intent" value="pay">{words.pay}</Submit>
          </Form>
        </Dialog>
      )}
      {(invoice.paymentState === 'failed' || invoice.paymentState === 'uncollectible') && <Form method="post"><Submit kind="plain" doing={texts.payments.collecting} name="intent" value="collect">{texts.payments.collectAgain}</Submit></Form>}
      {state !== 'draft' && creditable && <CreditDialog invoice={invoice} problem={problem} />}
      {untouched && (state !== 'paid' || !open) && (
        <Confirm verb={words.void} title={words.voidTitle(number ?? words.noNumber)}>
          <p className="max-w-[60ch]">{words.voidMeaning}</p>
          <Form method="post" className="space-y-4 pt-3">
            <FormField label={words.reason} name="reason" id="void-reason" required maxLength={500} hint={words.reasonHint} />
            <Submit kind="danger" doing={words.voiding} name="intent" value="void">{words.void}</Submit>
          </Form>
        </Confirm>
      )}
    </div>
  );
}

function CreditDialog({ invoice, problem }: { invoice: InvoiceDetail; problem: Problem | undefined }) {
  const paid = invoice.payments.some(({ state }) => state === 'succeeded');
  return (
    <Dialog trigger={words.creditVerb} title={words.creditTitle(invoice.number ?? '')} description={words.creditMeaning} keepOpen={problem?.values?.['intent'] === 'credit'}>
      <Form method="post" className="space-y-4">
        <fieldset className="space-y-2">
          <legend className="text-sm font-medium">{words.what}</legend>
          <label className="flex gap-2"><input type="radio" name="what" value="all" defaultChecked className="accent-accent" />{words.whole}</label>
          <label className="flex gap-2"><input type="radio" name="what" value="lines" className="accent-accent" />{words.chosenLines}</label>
          <ul className="max-h-64 space-y-2 overflow-y-auto pl-6" tabIndex={0} aria-label={words.lines}>
            {invoice.lines.filter(({ amount }) => /[1-9]/.test(amount)).map((line) => (
              <li key={line.position} className="grid grid-cols-[1fr_7rem] items-end gap-3">
                <Checkbox label={<>{line.description} <span className="text-muted tabular-nums">{formatMoney(line.amount, invoice.currency)}</span></>} name="line" value={String(line.position)} />
                {!line.amount.startsWith('-') && <FormField label={words.part} name={`amount-${line.position}`} inputMode="decimal" maxLength={30} placeholder={words.partAll} />}
              </li>
            ))}
          </ul>
        </fieldset>
        <TextArea label={words.reason} name="reason" id="credit-reason" rows={2} required maxLength={500} hint={words.reasonHint} problem={problem} />
        {paid && <Checkbox label={words.refund} name="refund" hint={words.refundHint} />}
        <Submit doing={words.crediting} name="intent" value="credit">{words.creditVerb}</Submit>
      </Form>
    </Dialog>
  );
}
