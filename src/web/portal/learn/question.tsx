import { Form } from 'react-router';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink, Submit } from '../../ui/button.tsx';
import { Check, CircleAlert, CircleCheck, X } from '../../ui/icon.ts';
import { Notice } from '../../ui/notice.tsx';
import { Prose } from '../../ui/prose.tsx';
import { ReadAgain } from './read-again.tsx';
import type { ChoiceView, ItemView, VerdictView } from './set-view.server.ts';

const words = texts.learn;
type QuestionView = Extract<ItemView, { kind: 'question' }>;

/** One question: its choices while it is open, and the verdict once it was answered. A plain form without script. */
export function Question({ set, of, item, next }: { set: string; of: number; item: QuestionView; next: string | null }) {
  const { id, number, html, choices, verdict, changed, read, fingerprint } = item;
  return (
    <section id="question" aria-labelledby="question-text" className="scroll-mt-20 space-y-4">
      {changed && <Notice tone="notice" title={words.changed}>{words.changedHint}</Notice>}
      <div id="question-text" className="space-y-1">
        <h2 className="text-sm font-semibold text-muted tabular-nums">{words.question(number, of)}</h2>
        <div className="text-lg font-medium"><Prose html={html} /></div>
      </div>
      {verdict === null ? (
        <Form method="post" action={`/learn/${set}?q=${id}`} preventScrollReset className="space-y-4">
          <input type="hidden" name="item" value={id} /><input type="hidden" name="fingerprint" value={fingerprint} />
          <fieldset aria-labelledby="question-text" className="space-y-2">
            {choices.map(({ index, html: shown }, place) => (
              <label key={index} className="flex cursor-pointer items-baseline gap-3 rounded-md border bg-raised px-4 py-3 text-lg hover:border-edge has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
                <input data-turn={place === 0 ? '' : undefined} type="radio" name="choice" value={index} required className="size-4 shrink-0 translate-y-0.5 accent-[var(--accent)] outline-none" />
                <span className="prose-text min-w-0" dangerouslySetInnerHTML={{ __html: shown }} />
              </label>
            ))}
          </fieldset>
          <Submit doing={words.answering}>{words.answer}</Submit>
        </Form>
      ) : <ul className="space-y-2">{choices.map((shown) => <JudgedChoice key={shown.index} choice={shown} />)}</ul>}
      <div role="status">{verdict !== null && <Verdict verdict={verdict} />}</div>
      {verdict !== null && (
        <>
          {!verdict.right && <ReadAgain links={read} />}
          <div className="flex flex-wrap gap-3">
            <ButtonLink data-turn="" to={`/learn/${set}?q=${next ?? 'result'}`} preventScrollReset>{next === null ? words.toResult : words.next}</ButtonLink>
            <Form method="post" action={`/learn/${set}?q=${id}`} preventScrollReset>
              <input type="hidden" name="item" value={id} /><input type="hidden" name="intent" value="retry" />
              <Submit kind="plain" doing={words.retrying}>{words.retry}</Submit>
            </Form>
          </div>
        </>
      )}
    </section>
  );
}

function JudgedChoice({ choice: { html, mark } }: { choice: ChoiceView }) {
  const tone = mark === 'right' ? 'border-good bg-good-soft' : mark === 'chosen' ? 'border-notice bg-notice-soft' : 'text-muted';
  return (
    <li className={`flex items-baseline gap-3 rounded-md border px-4 py-3 text-lg ${tone}`}>
      <span className="w-4 shrink-0 translate-y-0.5">{mark === 'right' ? <Check className="size-4 text-good" aria-hidden="true" /> : mark === 'chosen' ? <X className="size-4 text-notice" aria-hidden="true" /> : null}</span>
      <span className="prose-text min-w-0" dangerouslySetInnerHTML={{ __html: html }} />
      {mark !== null && <span className="ml-auto"><Badge tone={mark === 'right' ? 'good' : 'notice'}>{mark === 'right' ? words.rightChoice : words.yourChoice}</Badge></span>}
    </li>
  );
}

function Verdict({ verdict: { right, rightHtml, why, chosenWhy } }: { verdict: VerdictView }) {
  const Icon = right ? CircleCheck : CircleAlert;
  return (
    <div className="space-y-3">
      <p className={`flex items-center gap-2 text-lg font-semibold ${right ? 'text-good' : 'text-notice'}`}><Icon className="size-5" aria-hidden="true" />{right ? words.isRight : words.isWrong}</p>
      {chosenWhy !== null && <Prose html={chosenWhy} />}
      {!right && <p className="text-lg font-medium">{words.rightIs} <span className="prose-text" dangerouslySetInnerHTML={{ __html: rightHtml }} /></p>}
      <Prose html={why} />
    </div>
  );
}
