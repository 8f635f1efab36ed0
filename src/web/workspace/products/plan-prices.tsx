import { useState } from 'react';
import type { PriceConfig } from '../../../domain/config.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import type { Problem } from '../../page.server.ts';
import { problemOf, type PlanPart } from './plan-fields.tsx';

const words = texts.workspacePlans;
const builtInMeters = ['requests', 'successes', 'bytes'];
const models = ['unit', 'package', 'graduated', 'volume'] as const;

export function PlanPrices({ draft, errors, meters }: PlanPart & { meters: string[] }) {
  const problem = problemOf(errors);
  return (
    <fieldset className="space-y-4">
      <legend className="mb-1 text-xl font-semibold">{words.prices}</legend>
      <p className="max-w-[75ch] text-muted">{words.pricesHint} {words.modelMeanings}</p>
      {draft.prices.map((price, index) => <Price key={index} price={price} index={index} meters={[...builtInMeters, ...meters]} problem={problem} />)}
      <Submit kind="plain" doing={words.updating} name="intent" value="add-price">{words.addPrice}</Submit>
    </fieldset>
  );
}

function Price({ price, index, meters, problem }: { price: PriceConfig; index: number; meters: string[]; problem: Problem | undefined }) {
  const [model, setModel] = useState(price.model);
  const named = (field: string) => ({ name: `prices/${index}/${field}`, id: `price-${index}-${field}`, problem });
  const tiers = price.tiers.length > 0 ? price.tiers : [{ upTo: null, unitPrice: '', flatFee: '0' }];
  return (
    <div role="group" aria-label={words.priceRow(index + 1)} className="space-y-3 border-l-2 pl-4">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-5">
        <SelectField label={words.meter} {...named('meter')} defaultValue={price.meter}><option value="">{words.noMeter}</option>{meters.map((meter) => <option key={meter}>{meter}</option>)}</SelectField>
        <SelectField label={words.model} {...named('model')} defaultValue={price.model} onChange={(event) => setModel(event.currentTarget.value as PriceConfig['model'])}>{models.map((name) => <option key={name} value={name}>{words.models[name]}</option>)}</SelectField>
        <FormField label={words.included} {...named('included')} inputMode="decimal" defaultValue={price.included} />
        <FormField label={words.minimum} {...named('minimum')} inputMode="decimal" defaultValue={price.minimum ?? ''} />
        <FormField label={words.maximum} {...named('maximum')} inputMode="decimal" defaultValue={price.maximum ?? ''} />
      </div>
      {model === 'unit' && <div className="max-w-56"><FormField label={words.unitPrice} {...named('unitPrice')} inputMode="decimal" defaultValue={price.unitPrice ?? ''} /></div>}
      {model === 'package' && <div className="grid max-w-lg grid-cols-2 gap-3"><FormField label={words.packageSize} {...named('packageSize')} inputMode="decimal" defaultValue={price.packageSize ?? ''} /><FormField label={words.packagePrice} {...named('packagePrice')} inputMode="decimal" defaultValue={price.packagePrice ?? ''} /></div>}
      {(model === 'graduated' || model === 'volume') && (
        <div role="group" aria-label={words.tiers} className="space-y-2">
          {tiers.map((tier, at) => (
            <div key={at} role="group" aria-label={words.tierRow(at + 1)} className="grid max-w-2xl grid-cols-3 gap-3">
              <FormField label={words.upTo} {...named(`tiers/${at}/upTo`)} inputMode="decimal" defaultValue={tier.upTo ?? ''} hint={at === tiers.length - 1 ? words.upToHint : undefined} />
              <FormField label={words.unitPrice} {...named(`tiers/${at}/unitPrice`)} inputMode="decimal" defaultValue={tier.unitPrice} />
              <FormField label={words.flatFee} {...named(`tiers/${at}/flatFee`)} inputMode="decimal" defaultValue={tier.flatFee} />
            </div>
          ))}
          <Submit kind="plain" doing={words.updating} name="intent" value={`add-tier-${index}`}>{words.addTier}</Submit>
        </div>
      )}
    </div>
  );
}
