// The request of a guide once its button was pressed: sent at once, with its answer below, and with fields to change it.
import { useEffect, useId, useRef } from 'react';
import { codeSamples } from '../portal/products/code-samples.ts';
import { AnswerView } from '../portal/products/try-it/answer-view.tsx';
import { TryItFields } from '../portal/products/try-it/try-it-form.tsx';
import { useTryIt } from '../portal/products/try-it/use-try-it.ts';
import { texts } from '../texts.ts';
import { Button } from '../ui/button.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import type { CallBlock } from './resolve-requests.server.ts';

const words = texts.tryIt;

export function RequestRun({ block: { title, operation, values, key, placeholder, highlighted } }: { block: CallBlock }) {
  const state = useTryIt(operation, key, placeholder, values);
  const prefix = useId();
  const first = useRef(state.call).current;
  const untouched = JSON.stringify(first) === JSON.stringify(state.call);
  const fields = useRef<HTMLDetailsElement>(null);
  const button = useRef<HTMLSpanElement>(null);
  const count = Object.keys(state.mistakes).length;
  const send = () => {
    if (state.busy) return;
    const wrong = state.send();
    if (wrong === undefined) return;
    if (fields.current) fields.current.open = true;
    document.getElementById(`${prefix}-${wrong}`)?.focus();
  };
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    button.current?.querySelector('button')?.focus({ preventScroll: true });
    send();
  });
  return (
    <>
      <CodeBlock samples={codeSamples(state.call).map((sample, index) => ({ ...sample, html: untouched ? highlighted?.[index] : undefined }))} />
      <form noValidate onSubmit={(event) => { event.preventDefault(); send(); }} className="space-y-3">
        {(operation.fields.length > 0 || operation.body) && (
          <details ref={fields}>
            <summary className="w-fit cursor-pointer py-1 text-sm text-muted hover:text-ink">{texts.article.changeRequest}</summary>
            <div className="max-w-[60ch] py-2"><TryItFields operation={operation} state={state} prefix={prefix} /></div>
          </details>
        )}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <span ref={button}><Button type="submit" kind="primary" aria-disabled={state.busy}>{state.busy ? words.sending : state.result === null ? words.send : words.again}</Button></span>
          {state.busy && <Button onClick={state.stop}>{words.stop}</Button>}
          {count > 0 && <p role="alert" className="text-sm text-bad">{words.mistakes(count)}</p>}
          <span className="text-sm text-muted">{texts.article.requestNote}</span>
        </div>
      </form>
      <div aria-live="polite">{state.result !== null && !state.busy && <AnswerView result={state.result} gateway={originOf(operation.baseUrl)} renewed={state.renewed} label={texts.article.answerTo(title)} />}</div>
    </>
  );
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}
