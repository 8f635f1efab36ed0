import type { PlanConfig } from '../../../domain/config.ts';
import { quotaPeriods, ratePeriods } from '../../../domain/limit.ts';
import type { ErrorPlace } from '../../../errors.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { Checkbox, FormField, SelectField, TextArea } from '../../ui/form-field.tsx';
import type { Problem } from '../../page.server.ts';

const words = texts.workspacePlans;

export interface PlanPart { draft: PlanConfig; errors: ErrorPlace[] }

/** What the fields of ui/ take: they look for the mistake at `/` and their name. */
export function problemOf(errors: ErrorPlace[]): Problem | undefined {
  return errors.length === 0 ? undefined : { code: 'input_invalid', title: '', status: 400, mend: [], detail: '', errors, requestId: '' };
}

export function PlanBasics({ draft, errors, isNew, formerDefault }: PlanPart & { isNew: boolean; formerDefault: string | null }) {
  const problem = problemOf(errors);
  return (
    <fieldset className="space-y-4">
      <legend className="mb-3 text-xl font-semibold">{words.basics}</legend>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <FormField label={words.name} name="name" required defaultValue={draft.name} problem={problem} />
        <FormField label={words.shortName} name="slug" required defaultValue={draft.slug} readOnly={!isNew} hint={words.shortNameHint} problem={problem} />
        <SelectField label={words.access} name="access" defaultValue={draft.access} problem={problem}>{(['public', 'approval', 'private'] as const).map((access) => <option key={access} value={access}>{words.accessMeanings[access]}</option>)}</SelectField>
      </div>
      <TextArea label={words.description} name="description" rows={2} defaultValue={draft.description} problem={problem} />
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <FormField label={words.fee} name="fee" inputMode="decimal" defaultValue={draft.fee} problem={problem} />
        <FormField label={words.currency} name="currency" required maxLength={3} defaultValue={draft.currency} problem={problem} />
        <SelectField label={words.interval} name="interval" defaultValue={draft.interval ?? ''} problem={problem}><option value="">{words.intervals.none}</option><option value="month">{words.intervals.month}</option><option value="year">{words.intervals.year}</option></SelectField>
        <FormField label={words.trialDays} name="trialDays" inputMode="numeric" defaultValue={String(draft.trialDays)} problem={problem} />
      </div>
      <Checkbox label={words.isDefault} name="default" defaultChecked={draft.default} hint={draft.default && !isNew ? undefined : words.isDefaultHint(formerDefault)} problem={problem} />
    </fieldset>
  );
}

export function PlanLimits({ draft, errors }: PlanPart) {
  const problem = problemOf(errors);
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1 text-xl font-semibold">{words.limits}</legend>
      <p className="text-muted">{words.limitsHint}</p>
      {draft.limits.map((limit, index) => (
        <div key={index} role="group" aria-label={words.limitRow(index + 1)} className="grid grid-cols-2 gap-3 sm:grid-cols-[2fr_1fr_1fr] sm:max-w-2xl">
          <FormField label={words.limitName} name={`limits/${index}/name`} id={`limit-${index}-name`} defaultValue={limit.name} problem={problem} />
          <FormField label={words.requests} name={`limits/${index}/requests`} id={`limit-${index}-requests`} inputMode="numeric" defaultValue={String(limit.requests)} problem={problem} />
          <SelectField label={words.per} name={`limits/${index}/per`} id={`limit-${index}-per`} defaultValue={limit.per} problem={problem}>{[...ratePeriods, ...quotaPeriods].map((per) => <option key={per} value={per}>{words.periods[per]}</option>)}</SelectField>
        </div>
      ))}
      <Submit kind="plain" doing={words.updating} name="intent" value="add-limit">{words.addLimit}</Submit>
    </fieldset>
  );
}

export function PlanOperations({ draft, errors }: PlanPart) {
  return (
    <fieldset className="max-w-2xl">
      <TextArea label={words.operations} name="operations" rows={3} code defaultValue={draft.operations?.join('\n') ?? ''} hint={words.operationsHint} problem={problemOf(errors)} />
    </fieldset>
  );
}
