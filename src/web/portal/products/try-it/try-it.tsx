// A request as code and as a form, sent from the browser straight to the gateway. Reference pages hold one, and guides may.
import { useId, useRef } from 'react';
import { Link, useLocation } from 'react-router';
import { texts } from '../../../texts.ts';
import { Button, ButtonLink } from '../../../ui/button.tsx';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { useHydrated } from '../../../ui/use-hydrated.ts';
import { codeSamples } from '../code-samples.ts';
import { AnswerView } from './answer-view.tsx';
import type { TryItOperation, TryItValues } from './build-call.ts';
import { TryItFields } from './try-it-form.tsx';
import type { TryItKey } from './try-it.server.ts';
import { useTryIt } from './use-try-it.ts';

const words = texts.tryIt;

export interface TryItProps {
  operation: TryItOperation;
  tryItKey: TryItKey;
  /** Stands in the code where there is no key. */
  placeholder: string;
  /** Code with colours, as the server made it of the first values, in the order of the languages. */
  highlighted?: string[] | null;
  /** Values in place of the operation's own examples, by `in-name` and `body`. */
  initial?: TryItValues;
}

export function TryIt({ operation, tryItKey, placeholder, highlighted, initial }: TryItProps) {
  const state = useTryIt(operation, tryItKey, placeholder, initial);
  const first = useRef(state.call).current;
  const untouched = JSON.stringify(first) === JSON.stringify(state.call);
  const samples = codeSamples(state.call).map((sample, index) => ({ ...sample, html: untouched ? highlighted?.[index] : undefined }));
  const ready = tryItKey.state === 'ready';
  return (
    <div className="space-y-4">
      <CodeBlock samples={samples} />
      <p className="text-sm text-muted">{ready ? texts.reference.yourKeyIsIn : texts.reference.putYourKey(placeholder)}</p>
      {ready ? <Form operation={operation} state={state} /> : <WithoutKey tryItKey={tryItKey} />}
    </div>
  );
}

function Form({ operation, state }: { operation: TryItOperation; state: ReturnType<typeof useTryIt> }) {
  const hydrated = useHydrated();
  const prefix = useId();
  const count = Object.keys(state.mistakes).length;
  const gateway = URL.canParse(operation.baseUrl) ? new URL(operation.baseUrl).origin : operation.baseUrl;
  const submit = () => {
    const wrong = state.send();
    if (wrong !== undefined) document.getElementById(`${prefix}-${wrong}`)?.focus();
  };
  return (
    <section aria-labelledby={`${prefix}-title`} className="space-y-3">
      <h2 id={`${prefix}-title`} className="text-lg">{words.title}</h2>
      <noscript><p className="text-sm text-muted">{words.needsScript}</p></noscript>
      <form noValidate onSubmit={(event) => { event.preventDefault(); submit(); }} className="space-y-3">
        <fieldset disabled={!hydrated} className="space-y-3"><TryItFields operation={operation} state={state} prefix={prefix} /></fieldset>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" kind="primary" disabled={!hydrated || state.busy}>{state.busy ? words.sending : state.result === null ? words.send : words.again}</Button>
          {state.busy && <Button onClick={state.stop}>{words.stop}</Button>}
          {count > 0 && <p role="alert" className="text-sm text-bad">{words.mistakes(count)}</p>}
        </div>
      </form>
      <div aria-live="polite">{state.result !== null && !state.busy && <AnswerView result={state.result} gateway={gateway} renewed={state.renewed} />}</div>
      <p className="text-sm text-muted">{words.note}</p>
    </section>
  );
}

function WithoutKey({ tryItKey }: { tryItKey: TryItKey }) {
  const { pathname } = useLocation();
  const next = encodeURIComponent(pathname);
  if (tryItKey.state === 'stranger') {
    return (
      <section className="space-y-2 border-t pt-4">
        <h2 className="text-lg">{words.title}</h2>
        <p>{words.signIn} <span className="text-muted">{words.signInWhy}</span></p>
        <p className="flex flex-wrap items-center gap-4"><ButtonLink to={`/sign-up?next=${next}`}>{words.signUp}</ButtonLink><Link to={`/sign-in?next=${next}`} className="text-accent underline underline-offset-2">{words.haveAccount}</Link></p>
      </section>
    );
  }
  return <p className="border-t pt-4 text-sm text-muted">{tryItKey.state === 'refused' ? `${words.noKey} ${tryItKey.detail}` : words.noTestMode}</p>;
}
