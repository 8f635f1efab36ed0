import { Form } from 'react-router';
import type { RollOutPlan } from '../../../control/services.ts';
import type { Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { formatDay } from '../../ui/format-time.ts';
import { formatCount } from '../../ui/number.ts';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useMay } from '../use-may.ts';
import { movers, type Movers } from './movers.ts';

const words = texts.simulator;
/** Boxes elsewhere on the page belong to it by this id. */
export const rollOutForm = 'roll-out-form';

export interface RollOutPreview { plans: RollOutPlan[]; movers: Movers; chosen: string[]; at: string }

/** Asks for whom and from when, shows what would happen, and only then does it. */
export function RollOut({ answer }: { answer: { problem?: Problem; preview?: RollOutPreview } | undefined }) {
  const mayChange = useMay('plans.change');
  const mayMove = useMay('billing.change');
  const preview = answer?.preview;
  if (!mayChange) return null;
  return (
    <section className="max-w-4xl space-y-4">
      <h2 id="roll-out" className="text-xl">{words.rollOut}</h2>
      <p className="max-w-[70ch] text-muted">{words.rollOutLead}</p>
      <ProblemNotice problem={answer?.problem} fields={['at']} />
      <Form method="post" id={rollOutForm} preventScrollReset className="space-y-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField label={words.movers} name="movers" defaultValue={answer?.problem?.values?.['movers'] ?? preview?.movers ?? 'none'}>{movers.filter((each) => mayMove || each === 'none').map((each) => <option key={each} value={each}>{words.moversOf[each]}</option>)}</SelectField>
          {mayMove && <FormField label={words.at} name="at" type="date" hint={words.atHint} defaultValue={preview?.at} problem={answer?.problem} />}
        </div>
        <Submit kind="plain" doing={words.previewing} name="intent" value="preview">{words.preview}</Submit>
      </Form>
      {preview && <Preview preview={preview} />}
    </section>
  );
}

function Preview({ preview: { plans, movers: who, chosen, at } }: { preview: RollOutPreview }) {
  if (plans.length === 0) return <Notice title={words.nothingChanged} />;
  const moving = plans.reduce((sum, plan) => sum + plan.moving, 0);
  return (
    <Notice tone="notice" title={words.previewTitle} role="status">
      <p>{who === 'none' ? words.onlyNew : /^\d{4}-\d\d-\d\d$/.test(at) ? words.moving(formatCount(moving), formatDay(Date.parse(at))) : words.noDate}</p>
      <DataTable caption={words.previewTitle} rows={plans} rowKey={({ productSlug, planSlug }) => `${productSlug} ${planSlug}`} columns={[
        { key: 'plan', header: words.plan, cell: ({ planName, change }) => <>{planName} <span className="text-muted">{words.planChange[change]}</span></> },
        { key: 'subscribers', header: words.subscribersNow, align: 'right', cell: ({ subscribers }) => formatCount(subscribers) },
        { key: 'moving', header: words.movingNow, align: 'right', cell: (plan) => formatCount(plan.moving) },
      ]} />
      <Form method="post" className="pt-2">
        <input type="hidden" name="movers" value={who} /><input type="hidden" name="at" value={at} />
        {chosen.map((id) => <input key={id} type="hidden" name="consumer" value={id} />)}
        <Submit kind="danger" doing={words.rollingOut} name="intent" value="roll-out">{words.confirm}</Submit>
      </Form>
    </Notice>
  );
}
