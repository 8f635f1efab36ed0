import { Form } from 'react-router';
import type { Almost } from '../../../domain/learn-task.ts';
import { texts } from '../../texts.ts';
import { ButtonLink, Submit } from '../../ui/button.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { CircleCheck } from '../../ui/icon.ts';
import { Notice } from '../../ui/notice.tsx';
import { Prose } from '../../ui/prose.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { ReadAgain } from './read-again.tsx';
import type { ItemView } from './set-view.server.ts';

const words = texts.learn;
type TaskView = Extract<ItemView, { kind: 'task' }>;

/** Something to carry out by real calls: ticks itself off when they arrive, and says what was almost right. */
export function Task({ set, of, item, next, signedIn }: { set: string; of: number; item: TaskView; next: string | null; signedIn: boolean }) {
  const { id, number, html, hint, done, met, of: calls, almost, read } = item;
  return (
    <section id="question" aria-labelledby="question-text" className="scroll-mt-20 space-y-4">
      <div id="question-text" className="space-y-1">
        <h2 className="text-sm font-semibold text-muted tabular-nums">{words.task(number, of)}</h2>
        <div className="text-lg"><Prose html={html} /></div>
      </div>
      <div role="status" className="space-y-3">
        {done ? <p className="flex items-center gap-2 text-lg font-semibold text-good"><CircleCheck className="size-5" aria-hidden="true" />{words.taskDone}</p>
          : signedIn && <p className="text-muted">{met === 0 ? words.waiting : words.met(met, calls)}</p>}
        {!done && almost !== null && <Notice tone="notice" title={words.almost}>{almostText(almost)} <TextLink to={`/dashboard/requests/${almost.callId}`}>{words.thatCall}</TextLink></Notice>}
      </div>
      {!done && hint !== '' && <details><summary className="cursor-pointer py-1 text-muted hover:text-ink">{words.hint}</summary><div className="py-1"><Prose html={hint} /></div></details>}
      {!done && <ReadAgain links={read} />}
      <div className="flex flex-wrap gap-3">
        {done ? <ButtonLink data-turn="" to={`/learn/${set}?q=${next ?? 'result'}`} preventScrollReset>{next === null ? words.toResult : words.next}</ButtonLink> : signedIn && <ButtonLink kind="plain" to={`/learn/${set}?q=${id}`} preventScrollReset>{words.lookAgain}</ButtonLink>}
        {!done && next !== null && <ButtonLink kind="quiet" to={`/learn/${set}?q=${next}`} preventScrollReset>{words.skip}</ButtonLink>}
        {done && signedIn && <Form method="post" action={`/learn/${set}?q=${id}`} preventScrollReset><input type="hidden" name="item" value={id} /><input type="hidden" name="intent" value="retry" /><Submit kind="plain" doing={words.retrying}>{words.retry}</Submit></Form>}
      </div>
    </section>
  );
}

function almostText({ miss, expected, sent }: Almost): string {
  if (miss === 'time') return words.missed.time(formatDuration(Number(sent)), formatDuration(Number(expected)));
  return words.missed[miss](expected, sent ?? words.nothing);
}
