import type { Party } from '../../control/services.ts';
import type { Problem } from '../page.server.ts';
import { texts } from '../texts.ts';
import { FormField, SelectField, TextArea } from '../ui/form-field.tsx';

const words = texts.invoices.party;

/** Name, address, country, tax number and e-mail address of who sells or buys. */
export function PartyFields({ party, countries, problem, required = true }: { party: Party; countries: { code: string; name: string }[]; problem?: Problem | undefined; required?: boolean }) {
  return (
    <>
      <FormField label={words.name} name="name" defaultValue={party.name} required={required} maxLength={200} autoComplete="organization" problem={problem} />
      <TextArea label={words.address} name="address" defaultValue={party.address} maxLength={1_000} autoComplete="street-address" problem={problem} />
      <SelectField label={words.country} name="country" defaultValue={party.country ?? ''} autoComplete="country" problem={problem}><option value="">{words.noCountry}</option>{countries.map(({ code, name }) => <option key={code} value={code}>{name}</option>)}</SelectField>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormField label={words.taxId} name="taxId" defaultValue={party.taxId ?? ''} maxLength={40} problem={problem} />
        <FormField label={words.email} name="email" type="email" defaultValue={party.email ?? ''} maxLength={320} autoComplete="email" hint={words.emailHint} problem={problem} />
      </div>
    </>
  );
}
