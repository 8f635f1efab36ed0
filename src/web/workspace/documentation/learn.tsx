import { useLoaderData } from 'react-router';
import type { FirstCallGroup, ItemStatistics, LearnStatistics, SetStatistics } from '../../../control/services.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Figure } from '../../ui/figure.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/number.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { DocumentationNav } from './documentation.tsx';

const words = texts.learnStatistics;

export const loader = load(async ({ services, member }) => services.learn.getStatistics(await member()));

export default function LearnPage() {
  const { sets, ...firstCall } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <h1 className="text-2xl">{words.title}</h1>
      <DocumentationNav />
      <p className="max-w-[75ch] text-muted">{words.intro} <TextLink to="/learn">{words.see}</TextLink></p>
      {sets.length === 0 ? <EmptyState title={words.none}>{words.noneHint}</EmptyState> : (
        <>
          <FirstCall statistics={firstCall} />
          {sets.map((set) => <SetTable key={set.id} set={set} />)}
        </>
      )}
    </div>
  );
}

function FirstCall({ statistics: { firstCall, accounts, least } }: { statistics: Omit<LearnStatistics, 'sets'> }) {
  return (
    <section aria-labelledby="first-call" className="space-y-3">
      <h2 id="first-call" className="text-xl">{words.sooner}</h2>
      {firstCall === null
        ? <p><span className="font-medium">{words.notEnough}</span> <span className="text-muted">{words.notEnoughTold(accounts.finished, accounts.others, least)}</span></p>
        : <dl className="flex flex-wrap gap-x-12 gap-y-4"><Group label={words.finishedBefore} group={firstCall.finished} /><Group label={words.others} group={firstCall.others} /></dl>}
      <p className="max-w-[75ch] text-sm text-muted">{words.soonerNote}</p>
    </section>
  );
}

function Group({ label, group: { accounts, succeeded, medianMs } }: { label: string; group: FirstCallGroup }) {
  return <Figure label={label} value={medianMs === null ? words.never : formatDuration(medianMs)} note={words.groupNote(succeeded, accounts)} definition={words.medianMeaning} />;
}

function SetTable({ set: { id, title, published, started, finished, items } }: { set: SetStatistics }) {
  return (
    <section aria-labelledby={`set-${id}`} className="space-y-2">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 id={`set-${id}`} className="text-xl">{title}</h2>
        {!published && <Badge tone="notice">{words.hidden}</Badge>}
        <span className="text-muted tabular-nums">{words.began(started, finished)}</span>
      </div>
      <Impossible items={items} />
      {started > 0 && <DataTable caption={words.tableOf(title)} columns={columns} rows={items.map((item, index) => ({ ...item, number: index + 1 }))} rowKey={({ item }) => item} />}
    </section>
  );
}

function Impossible({ items }: { items: ItemStatistics[] }) {
  const problems = items.flatMap(({ item, problem }, index) => (problem === null ? [] : [{ item, number: index + 1, problem }]));
  if (problems.length === 0) return null;
  return (
    <Notice tone="notice" title={words.impossible(problems.length)}>
      {problems.map(({ item, number, problem }) => <p key={item}>{words.impossibleTask(number, problem)}</p>)}
      <p>{words.impossibleHint}</p>
    </Notice>
  );
}

const columns: DataColumn<ItemStatistics & { number: number }>[] = [
  { key: 'text', header: words.columns.text, cell: ({ number, text, kind }) => <span className="block max-w-[52ch]">{number}. {text} {kind === 'task' && <Badge>{words.task}</Badge>}</span> },
  { key: 'answered', header: words.columns.answered, cell: ({ answered }) => formatCount(answered), align: 'right', from: 'sm' },
  { key: 'wrong', header: words.columns.wrong, cell: ({ kind, answered, firstWrong }) => (kind === 'task' || answered === 0 ? '' : words.share(firstWrong, Math.round((firstWrong / answered) * 100))), align: 'right' },
  { key: 'taken', header: words.columns.taken, cell: ({ mostTaken }) => (mostTaken === null ? '' : <span className="block max-w-[40ch] text-muted">{mostTaken.text} ({formatCount(mostTaken.count)})</span>), from: 'lg' },
  { key: 'stopped', header: words.columns.stopped, cell: ({ stopped }) => formatCount(stopped), align: 'right' },
];
