import { redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { InvoiceView } from '../../invoices/invoice-view.tsx';
import { countryNamesOf } from '../../invoices/party.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { useMay } from '../use-may.ts';
import { InvoiceActions } from './invoice-actions.tsx';

const words = texts.invoices;

export const loader = load(async ({ services, member, params }) => {
  const invoice = await services.invoices.get(await member(), params['invoice']!);
  return { invoice, countries: countryNamesOf(invoice), today: new Date().toISOString().slice(0, 10) };
});

export const action = act(async ({ form, services, member, params }): Promise<{ problem?: undefined }> => {
  const actor = await member();
  const { id, number } = await services.invoices.get(actor, params['invoice']!);
  const intent = text(form, 'intent');
  if (intent === 'finalise') throw told(id, words.finalised((await services.invoices.finalise(actor, { id })).number ?? ''));
  if (intent === 'pay') {
    const day = Date.parse(`${text(form, 'at')}T00:00:00Z`);
    await services.invoices.markPaid(actor, { id, ...(Number.isFinite(day) && { at: day }), note: text(form, 'note') });
    throw told(id, words.isPaid(number ?? ''));
  }
  if (intent === 'collect') {
    const { paymentState } = await services.payments.collect(actor, { invoice: id });
    throw told(id, texts.payments.states[paymentState]);
  }
  if (intent === 'void') {
    await services.invoices.void(actor, { id, reason: text(form, 'reason') });
    throw told(id, words.isVoid(number ?? words.noNumber));
  }
  const lines = form.getAll('line').map((position) => ({ position: Number(position), amount: text(form, `amount-${String(position)}`) || undefined }));
  const note = await services.invoices.credit(actor, { id, ...(form.get('what') === 'lines' && { lines }), reason: text(form, 'reason'), refund: form.get('refund') === 'on' });
  throw told(note.id, words.isCredited(note.number ?? ''));
});

const told = (id: string, message: string) => redirect(`/workspace/invoices/${id}`, { headers: { 'set-cookie': flashCookie(message) } });

export default function Invoice() {
  const { invoice, countries, today } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('billing.change');
  return (
    <div className="space-y-4">
      <title>{invoice.number ?? words.noNumber}</title>
      <BackLink to="/workspace/invoices">{words.title}</BackLink>
      <p className="text-muted">{words.of} <TextLink to={`/workspace/consumers/${invoice.consumerId}`}>{invoice.consumerName}</TextLink></p>
      <ProblemNotice problem={problem} />
      <InvoiceView invoice={invoice} base="/workspace/invoices" countries={countries} actions={mayChange && <InvoiceActions invoice={invoice} today={today} problem={problem} />} />
    </div>
  );
}
