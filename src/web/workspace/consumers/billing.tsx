import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { PartyFields } from '../../invoices/party-fields.tsx';
import { listCountries, partyFrom } from '../../invoices/party.server.ts';
import { act, load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Submit } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useMay } from '../use-may.ts';

const words = texts.invoices;

export const loader = load(async ({ services, member, params }) => {
  const actor = await member();
  const consumerId = params['id']!;
  const [account, consumer] = await Promise.all([services.billing.getAccount(actor, { consumerId }), services.consumers.get(actor, consumerId)]);
  return { account, name: consumer.name, countries: listCountries() };
});

export const action = act(async ({ form, services, member, params }): Promise<{ problem?: undefined }> => {
  await services.billing.changeAccount(await member(), { ...partyFrom(form), consumerId: params['id']!, taxExempt: form.get('taxExempt') === 'on' });
  throw redirect(`/workspace/consumers/${params['id']!}`, { headers: { 'set-cookie': flashCookie(words.addressSaved) } });
});

export default function BillingAddress() {
  const { account, name, countries } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('billing.change');
  return (
    <div className="max-w-xl space-y-6">
      <title>{words.addressOf(name)}</title>
      <div className="space-y-2"><BackLink to={`/workspace/consumers/${account.consumerId}`}>{name}</BackLink><h1 className="text-2xl">{words.billingAddress}</h1><p className="text-muted">{words.addressIntro}</p></div>
      <ProblemNotice problem={problem} fields={['name', 'address', 'country', 'taxId', 'email']} />
      <Form method="post">
        <fieldset disabled={!mayChange} className="space-y-4">
          <legend className="sr-only">{words.billingAddress}</legend>
          <PartyFields party={account} countries={countries} problem={problem} />
          <Checkbox label={words.taxExempt} name="taxExempt" defaultChecked={account.taxExempt} hint={words.taxExemptHint} />
          {mayChange && <Submit doing={words.saving}>{words.save}</Submit>}
        </fieldset>
      </Form>
    </div>
  );
}
