import { Form } from 'react-router';
import type { ChangePreview } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { BillTable } from '../../ui/bill-table.tsx';
import { ButtonLink, Submit } from '../../ui/button.tsx';
import { formatMoney } from '../../ui/money.ts';
import { Notice } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';

const words = texts.planPage;

/** What a change does to the bills, and the button that makes it. */
export function PlanPreview({ preview, present }: { preview: ChangePreview; present: string }) {
  const { planName, planSlug, approval, when, effectiveAt, before, after, added, next, period, subscriptionId } = preview;
  const money = (amount: string, { currency }: { currency: string }): string => formatMoney(amount, currency);
  return (
    <div id="change" className="max-w-3xl scroll-mt-4">
      <Notice title={approval ? words.askTitle(planName) : words.changeTitle(present, planName)}>
        <p>{approval ? words.approval(present) : when === 'now' ? words.atOnce : <>{words.atPeriodEnd} <Time ms={effectiveAt} day />{words.until(present)}</>}</p>
        <dl className="grid grid-cols-[1fr_auto] gap-x-6 pt-2 tabular-nums">
          <Row name={<>{words.thisPeriod} <Time ms={period.to} day /></>} value={when === 'now' ? words.fromTo(money(before.subtotal, before), money(after.subtotal, after)) : money(before.subtotal, before)} />
          {added.map((line, index) => <Row key={index} name={<span className="pl-4 text-muted">{line.description}</span>} value={<span className="text-muted">{money(line.amount, after)}</span>} />)}
          <Row name={<>{words.nextBill} <Time ms={next.from} day /> {words.to} <Time ms={next.to} day /></>} value={<strong>{money(next.subtotal, next)}</strong>} />
        </dl>
        <details><summary className="cursor-pointer">{words.nextLines}</summary><div className="pt-2"><BillTable bill={next} caption={words.nextLines} /></div></details>
        <p className="text-sm text-muted">{words.forecastMeaning}</p>
        <Form method="post" className="flex flex-wrap gap-2 pt-2">
          <input type="hidden" name="subscription" value={subscriptionId} />
          <input type="hidden" name="plan" value={planSlug} />
          <Submit doing={words.sending} name="intent" value="change">{approval ? words.ask(planName) : when === 'now' ? words.changeNow(planName) : words.changeLater(planName)}</Submit>
          <ButtonLink kind="plain" to="/dashboard/plan">{words.keep(present)}</ButtonLink>
        </Form>
      </Notice>
    </div>
  );
}

function Row({ name, value }: { name: React.ReactNode; value: React.ReactNode }) {
  return <><dt className="border-t py-1.5">{name}</dt><dd className="border-t py-1.5 text-right">{value}</dd></>;
}
