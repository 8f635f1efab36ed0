import { useEffect, useRef, useState } from 'react';
import { Form, useFetcher } from 'react-router';
import type { PlanDetail, PlanSummary } from '../../../control/services.ts';
import type { PlanConfig } from '../../../domain/config.ts';
import { PricingTable } from '../../portal/products/pricing-table.tsx';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/form-field.tsx';
import { formatCount } from '../../ui/number.ts';
import { Notice } from '../../ui/notice.tsx';
import type { PlanOutcome } from './plan-action.server.ts';
import { PlanBasics, PlanLimits, PlanOperations } from './plan-fields.tsx';
import { PlanPrices } from './plan-prices.tsx';

const words = texts.workspacePlans;
const typingPauseMs = 350;

interface Props { productSlug: string; existing: PlanDetail | null; plan: PlanConfig; others: PlanDetail[]; meters: string[]; outcome: PlanOutcome | undefined; readOnly?: boolean }

/** The form and, below it, the portal's own table with the plan as it is being written. Without script, a button updates the table. */
export function PlanEditor({ productSlug, existing, plan, others, meters, outcome, readOnly = false }: Props) {
  const draft = outcome?.draft ?? plan;
  const errors = outcome?.showErrors ? outcome.errors : [];
  // Each preview reads the plan again: one that a colleague has saved meanwhile must not pass for the one that was opened.
  const [opened] = useState(existing?.revisionId);
  const live = useFetcher<PlanOutcome>();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const typed = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (!form.current) return;
      const data = new FormData(form.current);
      data.set('intent', 'live');
      void live.submit(data, { method: 'post' });
    }, typingPauseMs);
  };
  const newest = live.data && 'draft' in live.data && live.data.errors.length === 0 ? live.data.draft : outcome && outcome.errors.length === 0 && !hasEmptyRows(outcome.draft) ? outcome.draft : existing ? plan : null;
  const formerDefault = others.find((other) => other.default && other.archivedAt === null)?.name ?? null;
  return (
    <div className="space-y-8">
      {errors.length > 0 && <Notice tone="bad" title={words.problems} role="alert"><ul className="list-disc pl-5">{errors.map((place) => <li key={`${place.pointer} ${place.detail}`}>{place.detail}</li>)}</ul></Notice>}
      <Form ref={form} method="post" onChange={typed} key={JSON.stringify(outcome?.draft)} className="space-y-8">
        <fieldset disabled={readOnly} className="space-y-8">
          {existing && <input type="hidden" name="revision" value={outcome?.revisionId ?? opened} />}
          {/* Enter in a field presses the first button of a form: it shows the preview, and adds no row. */}
          <button type="submit" name="intent" value="preview" tabIndex={-1} aria-hidden="true" className="sr-only">{words.updatePreview}</button>
          <PlanBasics draft={draft} errors={errors} isNew={existing === null} formerDefault={formerDefault} />
          <PlanLimits draft={draft} errors={errors} />
          <PlanPrices draft={draft} errors={errors} meters={meters} />
          <PlanOperations draft={draft} errors={errors} />
          {outcome?.confirmMove != null && (
            <Notice tone="notice" title={words.moveTitle} role="alert">
              <p>{words.moveLost(formatCount(outcome.confirmMove), draft.name)}</p>
              <div className="pt-2"><Submit kind="danger" doing={words.saving} name="intent" value="save-and-move">{words.confirmMove(formatCount(outcome.confirmMove))}</Submit></div>
            </Notice>
          )}
          {existing !== null && existing.subscribers > 0 && <Checkbox label={words.moveSubscribers(formatCount(existing.subscribers))} name="moveSubscribers" hint={words.moveSubscribersHint} defaultChecked={outcome?.confirmMove != null} />}
          {!readOnly && (
            <div className="flex flex-wrap gap-2">
              <Submit doing={words.saving} name="intent" value="save">{existing ? words.save : words.create}</Submit>
              <Submit kind="plain" doing={words.updating} name="intent" value="preview">{words.updatePreview}</Submit>
            </div>
          )}
        </fieldset>
      </Form>
      <section className="space-y-3">
        <h2 id="preview" className="text-xl">{words.preview}</h2>
        <p className="text-muted">{words.previewHint}</p>
        {newest && <PricingTable plans={shown(others, existing, newest, productSlug)} />}
      </section>
    </div>
  );
}

function hasEmptyRows({ limits, prices }: PlanConfig): boolean {
  return limits.some(({ name }) => name === '') || prices.some(({ meter, tiers }) => meter === '' || tiers.some(({ unitPrice }) => unitPrice === ''));
}

/** The plans of the portal's table with this one among them: in its place, or at the end. Private ones stand there only while they are edited. */
function shown(others: PlanDetail[], existing: PlanDetail | null, draft: PlanConfig, productSlug: string): PlanSummary[] {
  const own: PlanSummary = { id: existing?.id ?? 'new', revisionId: existing?.revisionId ?? 'new', productSlug, subscribers: existing?.subscribers ?? 0, ...draft };
  const offered = others.filter(({ archivedAt, access }) => archivedAt === null && access !== 'private').map((other) => (draft.default ? { ...other, default: false } : other));
  if (!existing) return [...offered, own];
  const before = offered.filter((other) => other.position < existing.position);
  return [...before, own, ...offered.slice(before.length)];
}
