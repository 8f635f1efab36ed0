import { Form } from 'react-router';
import type { PlanDetail } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { formatCount } from '../../ui/number.ts';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';

const words = texts.workspacePlans;

/** Who is on the way to other prices of the plan. */
export function PlanMoves({ plan }: { plan: PlanDetail }) {
  const mayMove = useMay('billing.change');
  const older = plan.revisions.reduce((sum, { current, subscribers }) => sum + (current ? 0 : subscribers), 0);
  return (
    <section className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="moves" className="text-xl">{words.moves}</h2>
        {mayMove && older > 0 && (
          <Dialog trigger={words.schedule} title={words.scheduleTitle}>
            <Form method="post" className="space-y-4">
              <p>{words.scheduleLost(formatCount(older))}</p>
              <FormField label={words.scheduleFrom} name="at" type="date" required hint={words.scheduleFromHint} />
              <Submit doing={words.scheduling} name="intent" value="move-prices">{words.confirmSchedule}</Submit>
            </Form>
          </Dialog>
        )}
      </div>
      <p className="text-muted">{words.movesIntro}</p>
      <DataTable caption={words.moves} rows={plan.moves} rowKey={({ revision, at }) => `${revision}-${at}`}
        empty={<EmptyState title={words.noMoves}>{older > 0 ? words.noMovesHint(formatCount(older)) : words.allPresent}</EmptyState>}
        columns={[
          { key: 'from', header: words.from, cell: (row) => <Time ms={row.at} /> },
          { key: 'revision', header: words.toRevision, align: 'right', cell: (row) => row.revision },
          { key: 'subscribers', header: words.subscribers, align: 'right', cell: (row) => formatCount(row.subscribers) },
          ...(mayMove ? [{ key: 'withdraw', header: <span className="sr-only">{words.withdraw}</span>, align: 'right' as const, cell: (row: PlanDetail['moves'][number]) => (
            <Confirm verb={words.withdraw} title={words.withdrawTitle(row.revision)}>
              <Form method="post" className="space-y-3">
                <input type="hidden" name="revision" value={row.revision} /><input type="hidden" name="from" value={row.at} />
                <p>{words.withdrawLost(formatCount(row.subscribers))}</p>
                <Submit kind="danger" doing={words.withdrawing} name="intent" value="withdraw-move">{words.confirmWithdraw}</Submit>
              </Form>
            </Confirm>
          ) }] : []),
        ]} />
    </section>
  );
}
