import { texts } from '../../texts.ts';
import { Badge, Method, StatusCode } from '../../ui/badge.tsx';
import { BarShare } from '../../ui/bar-share.tsx';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { dayMs } from '../../ui/chart-scale.ts';
import { CodeBlock, type CodeSample } from '../../ui/code-block.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Checkbox, FormField, SelectField, TextArea } from '../../ui/form-field.tsx';
import { BookOpen, KeyRound, Plus } from '../../ui/icon.ts';
import { Menu } from '../../ui/menu.tsx';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/number.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TimeChart } from '../../ui/time-chart.tsx';
import { Time } from '../../ui/time.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';

const words = texts.design;

export function FormSection({ idPrefix }: { idPrefix: string }) {
  const refused = { code: 'input_invalid' as const, title: '', status: 400, mend: [], detail: '', requestId: '', errors: [{ pointer: '/mistaken', detail: words.fieldMistake }] };
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="primary"><Plus className="size-4" aria-hidden="true" />{words.create}</Button>
        <Button>{words.plain}</Button>
        <Button kind="danger">{words.revoke}</Button>
        <Button disabled>{words.disabled}</Button>
        <Dialog trigger={words.openDialog} title={words.dialogTitle} description={words.dialogText}><FormField id={`${idPrefix}-dialog`} label={words.fieldName} name="dialog" /></Dialog>
        <Confirm verb={words.revoke} title={words.confirmTitle}><p>{words.confirmText}</p><Button kind="danger">{words.revoke}</Button></Confirm>
        <Menu label={words.openMenu} triggerClass="inline-flex min-h-9 cursor-pointer items-center rounded-md border border-edge px-3 font-medium" trigger={words.openMenu} entries={[{ kind: 'note', text: words.menuNote }, { kind: 'link', to: '/errors', text: texts.layout.errorCodes, icon: <BookOpen aria-hidden="true" /> }, { kind: 'line' }, { kind: 'link', to: '/sign-up', text: texts.layout.getKey, icon: <KeyRound aria-hidden="true" /> }]} />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormField id={`${idPrefix}-name`} label={words.fieldName} name="name" hint={words.fieldHint} />
        <FormField id={`${idPrefix}-mistaken`} label={words.fieldAddress} name="mistaken" defaultValue="ada@" problem={refused} />
        <SelectField id={`${idPrefix}-choice`} label={words.fieldChoice} name="choice"><option>{words.optionA}</option><option>{words.optionB}</option></SelectField>
        <TextArea id={`${idPrefix}-text`} label={words.fieldText} name="text" rows={2} />
      </div>
      <Checkbox id={`${idPrefix}-check`} label={words.fieldCheck} name="check" defaultChecked />
    </div>
  );
}

export function MessageSection() {
  return (
    <div className="space-y-4">
      <p className="flex flex-wrap items-center gap-2"><Badge>{words.quiet}</Badge><Badge tone="accent">{words.accent}</Badge><Badge tone="good">{words.good}</Badge><Badge tone="notice">{words.notice}</Badge><Badge tone="bad">{words.bad}</Badge></p>
      <p className="flex flex-wrap items-baseline gap-3">{['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((name) => <Method key={name} name={name} />)}{[200, 304, 429, 502].map((status) => <StatusCode key={status} status={status} />)}</p>
      <Notice tone="good" title={words.noticeGood}>{words.noticeText}</Notice>
      <Notice tone="bad" title={words.noticeBad}>{words.noticeText}</Notice>
      <EmptyState title={words.emptyTitle} action={<ButtonLink to="/start">{words.emptyAction}</ButtonLink>}>{words.emptyText}</EmptyState>
      <Skeleton />
    </div>
  );
}

/** A wave of whole numbers, so that a plot has something to show; it says that it is one. */
function wave(count: number, height: number, turn: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.round(height * (1 + Math.sin(index / turn))));
}

export function PlotSection({ at }: { at: number }) {
  const buckets = Array.from({ length: 30 }, (_, index) => Math.floor(at / dayMs) * dayMs - (29 - index) * dayMs);
  return (
    <div className="space-y-6">
      <TimeChart title={words.waveColumns} unit={texts.ui.callsPerDay} buckets={buckets} bucketMs={dayMs} previous={wave(30, 420, 4)} series={[{ name: '2xx', tone: 'good', values: wave(30, 400, 3) }, { name: '4xx', tone: 'notice', values: wave(30, 40, 2) }, { name: '5xx', tone: 'bad', values: wave(30, 8, 5) }]} />
      <TimeChart title={words.waveLines} unit={words.milliseconds} kind="lines" buckets={buckets.slice(0, 24).map((_, index) => at - (23 - index) * 3_600_000)} bucketMs={3_600_000} series={[{ name: 'p50', tone: 'accent', values: wave(24, 20, 3) }, { name: 'p95', tone: 'violet', values: wave(24, 60, 4) }]} />
      <BarShare caption={words.shares} nameHeader={words.operation} valueHeader={words.calls} rows={words.operations.map((name, index) => ({ key: name, name: <code className="text-sm">{name}</code>, value: 900 >> index }))} />
      <div className="space-y-1"><p className="text-sm text-muted">{words.limitUsed}</p><MeterBar used={7} total={10} label={words.limitUsed} /></div>
    </div>
  );
}

export function DataSection({ at, name }: { at: number; name: string }) {
  const rows = words.operations.map((operation, index) => ({ operation, calls: 1204 >> index, at: at - index * 3_700_000 }));
  return (
    <DataTable caption={words.tableCaption(name)} rows={rows} rowKey={({ operation }) => operation} sort="-calls" columns={[
      { key: 'operation', header: words.operation, sortable: true, cell: ({ operation }) => <code className="text-sm">{operation}</code> },
      { key: 'last', header: <Tooltip definition={words.lastCallMeaning}>{words.lastCall}</Tooltip>, cell: (row) => <Time ms={row.at} />, from: 'sm' },
      { key: 'calls', header: words.calls, align: 'right', sortable: true, cell: ({ calls }) => formatCount(calls) },
    ]} />
  );
}

export function CodeSection({ samples }: { samples: CodeSample[] }) {
  return <CodeBlock samples={samples} />;
}
