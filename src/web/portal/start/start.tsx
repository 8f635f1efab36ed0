import type { ReactNode } from 'react';
import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { createFirstKey, firstKeyCookie, readFirstKey } from '../../first-key.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { Celebration, FailedCall } from './call-outcome.tsx';
import { watchCalls } from './call-watch.server.ts';
import { Elapsed } from './elapsed.tsx';
import { startSamples } from './start-samples.server.ts';
import { useSeenCalls } from './use-seen-calls.ts';

const words = texts.firstCall;
/** Who comes back after days is not on the way from sign-up to a first call any more. */
const elapsedShownMs = 3_600_000;
const otherProductsMax = 8;

export const loader = load(async ({ request, url, services, web, developer }) => {
  const actor = await developer();
  const { calls } = watchCalls(web, actor);
  const first = readFirstKey(request);
  const wanted = url.searchParams.get('product') ?? first?.productSlug;
  const [all, { firstSuccessAt, createdAt }, portal] = await Promise.all([services.products.list(actor), services.consumers.get(actor, actor.consumerId), services.configuration.portal()]);
  const products = all.filter((product) => product.currentVersion !== null);
  const chosen = products.find(({ slug }) => slug === wanted) ?? products[0];
  const product = chosen ? await services.products.get(actor, chosen.slug) : undefined;
  const now = Date.now();
  const standing = { calls, verified: actor.verified, keyPrefix: portal.keyPrefix, liveSince: firstSuccessAt, signedUpAt: now - createdAt < elapsedShownMs ? createdAt : null, now };
  if (!product?.quickstart) return { ...standing, others: [], product: null };
  const { version, sample, operation } = product.quickstart;
  const known = first?.productSlug === product.slug ? first : undefined;
  const key = known?.key ?? 'YOUR_KEY';
  return {
    ...standing,
    others: products.filter(({ slug }) => slug !== product.slug).slice(0, otherProductsMax).map(({ slug, name }) => ({ slug, name })),
    product: {
      name: product.name, slug: product.slug, version, tokens: product.tokens !== null, operation: { operation: operation.operation, slug: operation.slug, method: operation.method, path: operation.path },
      key: known?.key ?? null,
      mode: known?.mode ?? (product.testMode ? 'test' as const : 'live' as const),
      samples: startSamples(product.baseUrls[version] ?? '', sample, key),
      environmentLine: words.environmentLine(`${product.slug.replaceAll('-', '_').toUpperCase()}_KEY`, key),
    },
  };
});

export const action = act(async ({ form, services, developer }) => {
  const wanted = text(form, 'product');
  const first = await createFirstKey(services, await developer(), wanted);
  throw redirect(first ? `/start?product=${first.productSlug}` : '/start', first ? { headers: { 'set-cookie': firstKeyCookie(first) } } : {});
});

export default function Start() {
  const data = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const { calls, stream } = useSeenCalls(data.calls);
  const success = calls.find((call) => call.success);
  const { product } = data;
  if (!product) return <EmptyState title={words.nothingTitle}><title>{words.title}</title>{words.nothing}</EmptyState>;
  const setting = { keyPrefix: data.keyPrefix, verified: data.verified, product, environmentLine: product.environmentLine };
  const failed = calls.filter((call) => !call.success);
  return (
    <div className="mx-auto max-w-3xl space-y-8">
      <title>{words.title}</title>
      <div className="space-y-2">
        <h1 className="text-2xl">{words.titleOf(product.name)}</h1>
        <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
          <p className="text-lg text-muted">{words.lead}</p>
          {data.signedUpAt !== null && !success && data.liveSince === null && <Elapsed since={data.signedUpAt} now={data.now} />}
        </div>
        {data.others.length > 0 && <p className="flex flex-wrap gap-x-3 text-sm text-muted"><span>{words.otherProducts}</span>{data.others.map(({ slug, name }) => <TextLink key={slug} to={`/start?product=${slug}`}>{name}</TextLink>)}</p>}
      </div>
      <ProblemNotice problem={problem} />
      <ol className="space-y-8">
        <Step number={1} title={words.copyStep}>
          {!product.key && <KeyGone mode={product.mode} slug={product.slug} />}
          <CodeBlock key={product.slug} samples={product.samples} />
          {product.key && <KeyShown value={product.key} mode={product.mode} />}
        </Step>
        <Step number={2} title={words.runStep}><p className="text-muted">{words.runCurl}</p></Step>
        <Step number={3} title={success ? words.doneStep : words.waitStep} done={success !== undefined}>
          <div aria-live="polite" className="space-y-4">
            {success ? <Celebration call={success} setting={setting} /> : <Waiting stream={stream} liveSince={data.liveSince} slug={product.slug} />}
            {failed.length > 0 && <ul data-outcomes>{failed.map((call) => <FailedCall key={call.id} call={call} setting={setting} />)}</ul>}
          </div>
        </Step>
      </ol>
      {product.tokens && <p className="border-t pt-4 text-sm text-muted">{words.tokens} <TextLink to={`/${product.slug}/${product.version}#tokens`}>{words.tokensHow}</TextLink>.</p>}
      {!data.verified && <p className="border-t pt-4 text-sm text-muted">{words.unverified} <TextLink to="/dashboard/account">{words.sendAgain}</TextLink>.</p>}
    </div>
  );
}

function Step({ number, title, done = false, children }: { number: number; title: string; done?: boolean; children: ReactNode }) {
  return (
    <li className="relative sm:pl-11">
      <span className={`absolute top-0 left-0 flex size-7 items-center justify-center rounded-full border text-sm font-semibold tabular-nums ${done ? 'border-good text-good' : 'border-edge'}`} aria-hidden="true">{number}</span>
      <div className="min-w-0 space-y-3">
        <h2 className="text-lg leading-7 max-sm:pl-10">{title}</h2>
        {children}
      </div>
    </li>
  );
}

function KeyShown({ value, mode }: { value: string; mode: 'live' | 'test' }) {
  return (
    <div className="space-y-1 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{words.yourKey}</span>
        <code className="min-w-0 break-all">{value}</code>
        <CopyButton text={value} label={words.copyKey} />
      </div>
      <p className="text-muted">{mode === 'test' ? words.testKey : words.liveKey} {words.keyOnce}</p>
    </div>
  );
}

function KeyGone({ mode, slug }: { mode: 'live' | 'test'; slug: string }) {
  return (
    <Form method="post" className="space-y-3">
      <input type="hidden" name="product" value={slug} />
      <p className="text-muted">{words.keyGone}</p>
      <Submit doing={words.creatingKey}>{words.createKey(mode)}</Submit>
    </Form>
  );
}

function Waiting({ stream, liveSince, slug }: { stream: ReturnType<typeof useSeenCalls>['stream']; liveSince: number | null; slug: string }) {
  return (
    <>
      {liveSince !== null && <p>{words.liveSince} <Time ms={liveSince} />. <TextLink to="/dashboard">{words.next.dashboard}</TextLink>{words.orWatch}</p>}
      <p className="flex items-center gap-2.5">
        <span className={`size-2.5 rounded-full ${stream === 'open' ? 'animate-pulse bg-accent' : 'border border-edge'}`} aria-hidden="true" />
        {stream === 'opening' ? words.connecting : liveSince === null ? words.waiting : words.waitingAgain}
      </p>
      <noscript>
        <meta httpEquiv="refresh" content="5" />
        <p className="text-sm text-muted">{words.reloads} <a href={`/start?product=${slug}`} className="text-accent underline">{words.checkAgain}</a></p>
      </noscript>
    </>
  );
}
