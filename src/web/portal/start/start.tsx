import type { ReactNode } from 'react';
import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { createFirstKey, firstKeyCookie, readFirstKey } from '../../first-key.server.ts';
import { act, load } from '../../page.server.ts';
import { Submit } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { curlOf } from '../../ui/curl.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { Celebration, FailedCall } from './call-outcome.tsx';
import { watchCalls } from './call-watch.server.ts';
import { useSeenCalls } from './use-seen-calls.ts';

export const loader = load(async ({ request, services, web, developer }) => {
  const actor = await developer();
  const { calls } = watchCalls(web, actor);
  const first = readFirstKey(request);
  const [products, { firstSuccessAt }] = await Promise.all([services.products.list(actor), services.consumers.get(actor, actor.consumerId)]);
  const chosen = products.find((product) => product.slug === first?.productSlug) ?? products.find((product) => product.currentVersion !== null);
  const product = chosen ? await services.products.get(actor, chosen.slug) : undefined;
  if (!product?.quickstart) return { calls, product: null, verified: actor.verified, liveSince: firstSuccessAt };
  const { version, sample } = product.quickstart;
  return {
    calls,
    verified: actor.verified,
    liveSince: firstSuccessAt,
    product: {
      name: product.name,
      reference: `/${product.slug}/${version}`,
      key: first?.key ?? null,
      mode: first?.mode ?? (product.testMode ? 'test' : 'live'),
      curl: curlOf(product.baseUrls[version] ?? '', sample, first?.key ?? 'YOUR_KEY'),
    },
  };
});

export const action = act(async ({ request, services, developer }) => {
  const first = await createFirstKey(services, await developer());
  throw redirect('/start', first ? { headers: { 'set-cookie': firstKeyCookie(first, request) } } : {});
});

export default function Start() {
  const data = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const { calls, stream } = useSeenCalls(data.calls);
  const success = calls.find((call) => call.success);
  if (!data.product) {
    return (
      <EmptyState title="There is nothing to call yet">
        <title>Your first call</title>
        Your account is ready, but no API is published. Come back to this page once one is: your key is made here.
      </EmptyState>
    );
  }
  const { product } = data;
  return (
    <div className="mx-auto max-w-3xl space-y-8">
      <title>Your first call</title>
      <div className="space-y-2">
        <h1 className="text-2xl">Your first call to {product.name}</h1>
        <p className="text-lg text-muted">Three steps, about a minute. This page notices your call by itself.</p>
      </div>
      <ProblemNotice problem={problem} />
      <ol className="space-y-8">
        <Step number={1} title="Keep your key">
          {product.key ? <KeyShown value={product.key} mode={product.mode} /> : <KeyGone mode={product.mode} />}
        </Step>
        <Step number={2} title="Run this line in your terminal">
          <CodeBlock label="curl" code={product.curl} />
        </Step>
        <Step number={3} title={success ? 'It worked' : 'See it arrive'}>
          <div aria-live="polite" className="space-y-4">
            {success ? <Celebration call={success} reference={product.reference} /> : <Waiting stream={stream} liveSince={data.liveSince} />}
            <ul>{calls.filter((call) => !call.success).map((call) => <FailedCall key={call.id} call={call} />)}</ul>
          </div>
        </Step>
      </ol>
      {!data.verified && <p className="border-t pt-4 text-muted">Until you verify your e-mail address, your keys pass 100 calls a day. The mail is in your inbox; <TextLink to="/dashboard/account">send it again</TextLink>.</p>}
    </div>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[2rem_1fr] gap-x-3">
      <span className="flex size-7 items-center justify-center rounded-full border border-edge text-sm font-semibold tabular-nums" aria-hidden="true">{number}</span>
      <div className="min-w-0 space-y-3">
        <h2 className="text-lg leading-7">{title}</h2>
        {children}
      </div>
    </li>
  );
}

function KeyShown({ value, mode }: { value: string; mode: string }) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <code className="rounded-md border bg-sunken px-2 py-1 text-sm break-all">{value}</code>
        <CopyButton text={value} label="Copy key" />
      </div>
      <p className="text-muted">
        {mode === 'test' ? 'A test key: it answers from the test environment and is never billed. ' : 'A live key. '}
        Only its hash is kept, so it cannot be shown again after this page. Lost keys are replaced, not found.
      </p>
    </>
  );
}

function KeyGone({ mode }: { mode: string }) {
  return (
    <Form method="post" className="space-y-3">
      <p className="text-muted">Your first key was shown when you made it and is not kept. Put it in place of <code>YOUR_KEY</code>, or make another {mode} key here.</p>
      <Submit kind="plain" doing="Creating the key">Create a key</Submit>
    </Form>
  );
}

function Waiting({ stream, liveSince }: { stream: ReturnType<typeof useSeenCalls>['stream']; liveSince: number | null }) {
  return (
    <>
      {liveSince !== null && <p>You are live since <Time ms={liveSince} />. <TextLink to="/dashboard">Open your dashboard</TextLink>, or watch another call arrive here.</p>}
      <p className="flex items-center gap-2">
        <span className={`size-2.5 rounded-full ${stream === 'open' ? 'animate-pulse bg-accent' : 'border border-edge'}`} aria-hidden="true" />
        {stream === 'opening' ? 'Connecting' : liveSince === null ? 'Waiting for your first call' : 'Waiting for your next call'}
      </p>
      {stream === 'none' && <p><a href="/start" className="text-accent underline">Check again</a></p>}
      <noscript><meta httpEquiv="refresh" content="5" /></noscript>
    </>
  );
}
