// A request of a guide as code in every language, and the button that sends it. What sending needs is loaded when it is pressed.
import { useState, type ComponentType } from 'react';
import { Link, useLocation } from 'react-router';
import { codeSamples } from '../portal/products/code-samples.ts';
import { buildCall } from '../portal/products/try-it/build-call.ts';
import { texts } from '../texts.ts';
import { Method } from '../ui/badge.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { useHydrated } from '../ui/use-hydrated.ts';
import type { CallBlock } from './resolve-requests.server.ts';

const words = texts.article;

type Runner = ComponentType<{ block: CallBlock }>;

export function RequestBlock({ block }: { block: CallBlock }) {
  const [runner, setRunner] = useState<{ Run: Runner }>();
  const [state, setState] = useState<'still' | 'loading' | 'failed'>('still');
  const load = () => {
    setState('loading');
    import('./request-run.tsx').then(({ RequestRun }) => setRunner({ Run: RequestRun }), () => setState('failed'));
  };
  return (
    <div role="group" aria-label={words.request(block.title)} className="space-y-3">
      <p className="flex flex-wrap items-baseline gap-x-2 text-sm"><Method name={block.operation.method} /><code className="break-all">{block.operation.path}</code><Link to={block.href} className="text-accent underline underline-offset-2 hover:no-underline">{block.title}</Link></p>
      {runner ? <runner.Run block={block} /> : <Still block={block} state={state} load={load} />}
    </div>
  );
}

function Still({ block, state, load }: { block: CallBlock; state: 'still' | 'loading' | 'failed'; load: () => void }) {
  const { operation, values, key, placeholder, highlighted } = block;
  const samples = codeSamples(buildCall(operation, values, key.state === 'ready' ? key.key : placeholder));
  return (
    <>
      <CodeBlock samples={samples.map((sample, index) => ({ ...sample, html: highlighted?.[index] }))} />
      {key.state === 'ready' ? <SendButton state={state} load={load} /> : <WithoutKey block={block} />}
    </>
  );
}

function SendButton({ state, load }: { state: 'still' | 'loading' | 'failed'; load: () => void }) {
  const hydrated = useHydrated();
  return (
    <>
      <div className="min-h-9">
        <noscript><p className="text-sm text-muted">{texts.tryIt.needsScript}</p></noscript>
        {hydrated && <p className="flex flex-wrap items-center gap-x-3 gap-y-2"><Button kind="primary" disabled={state === 'loading'} onClick={load}>{state === 'loading' ? texts.tryIt.sending : texts.tryIt.send}</Button><span className="text-sm text-muted">{words.requestNote}</span></p>}
      </div>
      {state === 'failed' && <p role="alert" className="text-sm text-bad">{words.requestNotLoaded}</p>}
    </>
  );
}

function WithoutKey({ block: { key } }: { block: CallBlock }) {
  const { pathname } = useLocation();
  if (key.state !== 'stranger') return <p className="text-sm text-muted">{key.state === 'refused' ? `${texts.tryIt.noKey} ${key.detail}` : texts.tryIt.noTestMode}</p>;
  const next = encodeURIComponent(pathname);
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm text-muted">
      <ButtonLink kind="plain" to={`/sign-up?next=${next}`}>{texts.tryIt.signUp}</ButtonLink>
      <Link to={`/sign-in?next=${next}`} className="text-accent underline underline-offset-2">{texts.tryIt.haveAccount}</Link>
      <span>{words.requestSignUp}</span>
    </p>
  );
}
