import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { PartyFields } from '../../invoices/party-fields.tsx';
import { listCountries, partyFrom } from '../../invoices/party.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useMay } from '../use-may.ts';

const words = texts.invoices.settings;

export const loader = load(async ({ services, member }) => {
  const actor = await member();
  const [settings, rates] = await Promise.all([services.billing.getSettings(actor), services.billing.listTaxRates(actor)]);
  const countries = listCountries();
  const names = new Map(countries.map(({ code, name }) => [code, name]));
  return { settings, rates: rates.map((rate) => ({ ...rate, countryName: names.get(rate.country) ?? rate.country })), countries };
});

export const action = act(async ({ form, services, member }): Promise<{ problem?: undefined }> => {
  const actor = await member();
  const intent = text(form, 'intent');
  if (intent === 'rate') await services.billing.setTaxRate(actor, { country: text(form, 'rateCountry'), name: text(form, 'rateName'), percent: text(form, 'percent').replace(',', '.') });
  else if (intent === 'remove-rate') await services.billing.removeTaxRate(actor, { country: text(form, 'rateCountry') });
  else if (intent === 'seller') await services.billing.changeSettings(actor, { seller: partyFrom(form) });
  else await services.billing.changeSettings(actor, { numberPrefix: text(form, 'numberPrefix'), dueDays: wholeOf(form, 'dueDays'), graceMs: wholeOf(form, 'graceMinutes') * 60_000, finalise: text(form, 'finalise') === 'by-hand' ? 'by-hand' : 'automatic' });
  throw redirect('/workspace/billing', { headers: { 'set-cookie': flashCookie(words.saved) } });
});

function wholeOf(form: FormData, name: string): number {
  return /^\d{1,9}$/.test(text(form, name)) ? Number(text(form, name)) : -1;
}

export default function Billing() {
  const { settings, rates, countries } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('billing.change');
  return (
    <div className="max-w-3xl space-y-8">
      <title>{words.title}</title>
      <div className="space-y-2"><BackLink to="/workspace/invoices">{texts.invoices.title}</BackLink><h1 className="text-2xl">{words.title}</h1><p className="max-w-[65ch] text-muted">{words.intro}</p></div>
      <ProblemNotice problem={problem} />
      {!mayChange && <p className="text-muted">{words.readOnly}</p>}
      <fieldset disabled={!mayChange} className="space-y-8">
        <legend className="sr-only">{words.title}</legend>
        <section className="space-y-3 border-t pt-5">
          <h2 className="text-xl">{words.seller}</h2>
          <Form method="post" className="space-y-4"><PartyFields party={settings.seller} countries={countries} problem={problem} />{mayChange && <Submit kind="plain" doing={texts.invoices.saving} name="intent" value="seller">{words.saveSeller}</Submit>}</Form>
        </section>
        <section className="space-y-3 border-t pt-5">
          <h2 className="text-xl">{words.numbers}</h2>
          <Form method="post" className="space-y-4">
            <div className="grid gap-4 sm:grid-cols-3">
              <FormField label={words.prefix} name="numberPrefix" defaultValue={settings.numberPrefix} maxLength={20} problem={problem} />
              <FormField label={words.dueDays} name="dueDays" type="number" min={0} max={365} required defaultValue={settings.dueDays} problem={problem} />
              <FormField label={words.grace} name="graceMinutes" type="number" min={0} max={10_080} required defaultValue={Math.round(settings.graceMs / 60_000)} problem={problem} />
            </div>
            <SelectField label={words.finalise} name="finalise" defaultValue={settings.finalise} hint={words.finaliseHint}><option value="automatic">{words.automatic}</option><option value="by-hand">{words.byHand}</option></SelectField>
            {mayChange && <Submit kind="plain" doing={texts.invoices.saving} name="intent" value="numbers">{words.saveNumbers}</Submit>}
          </Form>
        </section>
      </fieldset>
      <section className="space-y-3 border-t pt-5">
        <h2 className="text-xl">{words.rates}</h2>
        <p className="max-w-[65ch] text-muted">{words.ratesIntro}</p>
        <DataTable caption={words.rates} rows={rates} rowKey={({ country }) => country} empty={<p className="text-muted">{words.noRates}</p>} columns={[
          { key: 'country', header: texts.invoices.party.country, cell: (row) => row.countryName },
          { key: 'name', header: words.rateName, cell: (row) => row.name },
          { key: 'percent', header: words.percent, align: 'right', cell: (row) => `${row.percent} %` },
          ...(mayChange ? [{ key: 'remove', header: <span className="sr-only">{words.remove}</span>, align: 'right' as const, cell: (row: (typeof rates)[number]) => <Form method="post"><input type="hidden" name="rateCountry" value={row.country} /><Submit kind="quiet" doing={words.removing} name="intent" value="remove-rate">{words.remove}<span className="sr-only"> {row.countryName}</span></Submit></Form> }] : []),
        ]} />
        {mayChange && (
          <Form method="post" className="grid items-end gap-3 sm:grid-cols-[2fr_1fr_1fr_auto]" key={rates.length}>
            <SelectField label={texts.invoices.party.country} name="rateCountry" id="rate-country" required problem={problem}><option value="">{words.choose}</option>{countries.map(({ code, name }) => <option key={code} value={code}>{name}</option>)}</SelectField>
            <FormField label={words.rateName} name="rateName" required maxLength={40} defaultValue={words.vat} problem={problem} />
            <FormField label={words.percent} name="percent" required inputMode="decimal" maxLength={8} problem={problem} />
            <Submit kind="plain" doing={texts.invoices.saving} name="intent" value="rate">{words.setRate}</Submit>
          </Form>
        )}
      </section>
    </div>
  );
}
