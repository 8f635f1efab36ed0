import type { RunningBill as Bill } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { BillTable } from '../../ui/bill-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { formatMoney } from '../../ui/money.ts';
import { Time } from '../../ui/time.tsx';

const words = texts.planPage;

/** What the present period costs so far, and where it is going. */
export function RunningBill({ bill, productName }: { bill: Bill; productName: string }) {
  const money = (amount: string): string => formatMoney(amount, bill.soFar.currency);
  const trial = bill.period.kind === 'trial';
  return (
    <div className="space-y-3">
      <h3 className="font-semibold">{trial ? words.trialTitle : words.billTitle}</h3>
      <p className="text-sm text-muted"><Time ms={bill.period.from} day /> {words.to} <Time ms={bill.period.to} day />. {trial ? words.trialText : words.beforeTax}</p>
      {!trial && (
        <>
          <dl className="grid grid-cols-2 gap-6 sm:grid-cols-4">
            <Figure label={words.soFar} value={money(bill.soFar.subtotal)} />
            <Figure label={words.forecast} value={money(bill.forecast.subtotal)} note={words.forecastNote} />
            {/[1-9]/.test(bill.credit) && <Figure label={words.credit} value={money(bill.credit)} note={words.creditNote} />}
            {bill.spendCap !== null && <Figure label={words.cap} value={money(bill.spendCap)} note={words.capUsed(bill.capUsed ?? 0)} />}
          </dl>
          {bill.spendCap !== null && bill.capUsed !== null && <div className="max-w-xl"><MeterBar used={bill.capUsed} total={100} label={words.capUsed(bill.capUsed)} /></div>}
          {bill.capUsed !== null && bill.capUsed >= 100 && <p className="text-bad">{words.capReached} <Time ms={bill.period.to} />.</p>}
          <details className="max-w-3xl"><summary className="cursor-pointer">{words.lines}</summary><div className="pt-2"><BillTable bill={bill.soFar} caption={words.named(words.linesSoFar, productName)} /></div></details>
        </>
      )}
    </div>
  );
}
