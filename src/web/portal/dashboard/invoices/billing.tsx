import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../../flash.server.ts';
import { PartyFields } from '../../../invoices/party-fields.tsx';
import { listCountries, partyFrom } from '../../../invoices/party.server.ts';
import { act, load } from '../../../page.server.ts';
import { texts } from '../../../texts.ts';
import { BackLink } from '../../../ui/back-link.tsx';
import { Submit } from '../../../ui/button.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';

const words = texts.invoices;

export const loader = load(async ({ services, developer }) => ({ account: await services.billing.getAccount(await developer(), {}), countries: listCountries() }));

export const action = act(async ({ form, services, developer }): Promise<{ problem?: undefined }> => {
  await services.billing.changeAccount(await developer(), partyFrom(form));
  throw redirect('/dashboard/billing', { headers: { 'set-cookie': flashCookie(words.addressSaved) } });
});

export default function BillingAddress() {
  const { account, countries } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <div className="max-w-xl space-y-6">
      <title>{words.billingAddress}</title>
      <div className="space-y-2"><BackLink to="/dashboard/invoices">{words.title}</BackLink><h1 className="text-2xl">{words.billingAddress}</h1><p className="text-muted">{words.addressIntro}</p></div>
      <ProblemNotice problem={problem} fields={['name', 'address', 'country', 'taxId', 'email']} />
      {account.taxExempt && <p>{words.exempt}</p>}
      <Form method="post" className="space-y-4">
        <PartyFields party={account} countries={countries} problem={problem} />
        <Submit doing={words.saving}>{words.save}</Submit>
      </Form>
    </div>
  );
}
