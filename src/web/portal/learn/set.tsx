import { useEffect, useRef, useState } from 'react';
import { data, redirect, useActionData, useLoaderData } from 'react-router';
import type { ShownTerm } from '../../../control/services.ts';
import { act, load, text, type DeveloperActor, type Page } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { LiveBadge } from '../../ui/live-badge.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { useLive } from '../../ui/use-live.ts';
import { PageMeta } from '../page-meta.tsx';
import { carriesProgress, carryOn, joinCarried, letGo, readCarried, readProgress } from './carried.server.ts';
import { Question } from './question.tsx';
import { Result } from './result.tsx';
import { viewSet } from './set-view.server.ts';
import { Steps } from './steps.tsx';
import { Task } from './task.tsx';

const words = texts.learn;

export const loader = load(async (page) => {
  const { params, url, services: { learn }, reader, web } = page;
  const [actor, developer] = await Promise.all([reader(), readerOf(page)]);
  const set = await learn.getSet(actor, params['set']!);
  const follow = async () => (developer && set.guided ? ((await web.viewed()) ? learn.findTasks(developer, { set: set.id }) : learn.followTasks(developer, { set: set.id })) : []);
  const [carried, tasks] = [await readProgress(page, developer), await follow()];
  const { id, title, lead, published, guided } = set;
  const shown = viewSet(set, carried, tasks, url.searchParams.get('q'));
  // At an address of its own an item stays on the page when it is done.
  if (!url.searchParams.has('q') && shown.item) throw redirect(`/learn/${id}?q=${shown.item.id}`);
  const view = {
    set: { id, title, lead, published, guided, terms: set.terms.map(({ id: term, name, short }: ShownTerm) => ({ id: term, name, short })) },
    ...shown, signedIn: developer !== undefined, damaged: carried.damaged.length,
  };
  return data(view, carried.damaged.length > 0 ? { headers: letGo({ progress: [], damaged: carried.damaged }) } : {});
});

export const action = act(async (page) => {
  const { form, params, request, services: { learn } } = page;
  const developer = await readerOf(page);
  const set = params['set']!;
  const joined = developer && carriesProgress(request) ? await joinCarried(request, learn, developer) : undefined;
  const carried = readCarried(request, learn);
  const item = text(form, 'item');
  const retries = text(form, 'intent') === 'retry';
  const changed = retries
    ? await learn.retry(developer, { set, ...(item && { item }), progress: carried.progress })
    : [await learn.answer(developer, { set, item, fingerprint: text(form, 'fingerprint'), choice: choiceOf(text(form, 'choice')), progress: carried.progress })];
  const headers = developer ? (joined ?? new Headers()) : carryOn(learn, carried, changed);
  throw redirect(item === '' ? `/learn/${set}` : `/learn/${set}?q=${encodeURIComponent(item)}#question`, { status: 303, headers });
});

async function readerOf({ viewer }: Page): Promise<DeveloperActor | undefined> {
  const actor = await viewer();
  return actor?.kind === 'developer' ? actor : undefined;
}

/** What is no number is no choice, and is refused as such. */
function choiceOf(written: string): number {
  return /^\d$/.test(written) ? Number(written) : -1;
}

export default function SetPage() {
  const { set, steps, completed, right, item, next, again, signedIn, damaged } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  useFocusOnTurn(`${item?.id} ${item?.kind === 'question' ? item.verdict !== null : item?.done}`);
  const live = useLive('/learn/events', set.guided && signedIn);
  return (
    <div className="max-w-[72ch] space-y-6">
      <PageMeta title={set.title} description={set.lead} path={`/learn/${set.id}`} card="home" markdown={`/learn/${set.id}.md`} />
      <header className="space-y-2">
        <BackLink to="/learn">{words.title}</BackLink>
        <h1 className="text-2xl">{set.title}</h1>
        {set.lead && <p className="text-lg text-muted">{set.lead}</p>}
        {!set.published && <p><Badge tone="notice">{words.hidden}</Badge></p>}
      </header>
      {set.terms.length > 0 && <Vocabulary terms={set.terms} begun={completed > 0} />}
      {damaged > 0 && <Notice tone="notice" title={words.damaged(damaged)} role="status">{words.damagedHint}</Notice>}
      <div className="space-y-2">
        <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 tabular-nums">
          <p className="font-medium">{words.completed(completed, steps.length)}</p>
          <span className="flex items-baseline gap-4 text-sm text-muted">{words.right(right)}{set.guided && signedIn && <LiveBadge state={live} />}</span>
        </div>
        <Steps set={set.id} steps={steps} current={item?.id ?? null} />
      </div>
      <ProblemNotice problem={problem} />
      {set.guided && !signedIn && <Notice title={words.signInForTasks}>{words.signInForTasksHint} <TextLink to={`/sign-in?next=${encodeURIComponent(`/learn/${set.id}`)}`}>{words.live.signInLink}</TextLink> <TextLink to={`/sign-up?next=${encodeURIComponent(`/learn/${set.id}`)}`}>{words.signUp}</TextLink></Notice>}
      {item === null ? <Result set={set.id} of={steps.length} completed={completed} right={right} again={again} signedIn={signedIn} />
        : item.kind === 'question' ? <Question key={item.id} set={set.id} of={steps.length} item={item} next={next} /> : <Task key={item.id} set={set.id} of={steps.length} item={item} next={next} signedIn={signedIn} />}
    </div>
  );
}

/** Once answered, the way on has the focus; a question that is turned to has it on its first choice. Not when the page is opened. */
function useFocusOnTurn(turn: string): void {
  const before = useRef(turn);
  useEffect(() => {
    if (before.current === turn) return;
    before.current = turn;
    document.querySelector<HTMLElement>('#question [data-turn]')?.focus({ preventScroll: true });
  }, [turn]);
}

/** Folded for who comes back, so that the question stands near the top. */
function Vocabulary({ terms, begun }: { terms: { id: string; name: string; short: string }[]; begun: boolean }) {
  const [open] = useState(!begun);
  return (
    <details open={open} className="border-y py-3">
      <summary className="cursor-pointer font-medium">{words.vocabulary}</summary>
      <dl className="mt-2 space-y-1.5">
        {terms.map(({ id, name, short }) => (
          <div key={id} className="gap-x-6 sm:grid sm:grid-cols-[12rem_minmax(0,1fr)]">
            <dt><TextLink to={`/learn/glossary/${id}`}>{name}</TextLink></dt>
            <dd className="text-muted">{short}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
