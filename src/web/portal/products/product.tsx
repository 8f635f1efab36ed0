import { redirect, useActionData, useLoaderData } from 'react-router';
import type { VersionSummary } from '../../../control/services.ts';
import { renderMarkdown } from '../../markdown.server.ts';
import { act, load, text } from '../../page.server.ts';
import { orPaymentMethod } from '../../or-payment-method.server.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Prose } from '../../ui/prose.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { VersionStatus } from '../../ui/version-badges.tsx';
import { texts } from '../../texts.ts';
import { Calculator } from './calculator/calculator.tsx';
import { readCalculatorStart } from './calculator/start.server.ts';
import { readExampleCall } from '../example-call.server.ts';
import { ExampleCall } from '../example-call.tsx';
import { PageMeta } from '../page-meta.tsx';
import { GuideList } from './guide-list.tsx';
import { Highlights } from './highlights.tsx';
import { PlanChoice, PlanConfirmation } from './plan-choice.tsx';
import { PricingTable } from './pricing-table.tsx';

export const loader = load(async ({ params, services, url, viewer, reader }) => {
  const [actor, reading] = await Promise.all([viewer(), reader()]);
  const [product, portal] = await Promise.all([services.products.get(reading, params['product']!), services.configuration.portal()]);
  const own = actor?.kind === 'developer' ? (await services.plans.listSubscriptions(actor, { consumerId: actor.consumerId })).find(({ productSlug, state }) => productSlug === product.slug && state !== 'ended') : undefined;
  return {
    product,
    signedIn: actor !== undefined,
    own: own ? { planSlug: own.planSlug, planName: own.planName, state: own.state, requestedPlan: own.requestedPlan } : null,
    chosen: actor === undefined ? null : product.plans.find(({ slug }) => slug === url.searchParams.get('plan') && slug !== own?.planSlug) ?? null,
    calculator: await readCalculatorStart(services, { actor, productSlug: product.slug, plans: product.plans, search: url.searchParams, now: Date.now() }),
    about: renderMarkdown(product.description),
    call: await readExampleCall(services, reading, product, portal.keyPrefix),
  };
});

export const action = act(async ({ form, params, services, developer }) => {
  const planSlug = text(form, 'plan');
  await orPaymentMethod(services.plans.subscribe(await developer(), { productSlug: params['product']!, planSlug }), `/${params['product']}?${new URLSearchParams({ plan: planSlug })}`);
  throw redirect(`/${params['product']}#plans`);
});

const words = texts.product;

export default function Product() {
  const { product, about, call, signedIn, own, chosen, calculator } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <div className="space-y-14">
      <PageMeta title={product.name} description={product.description || words.describe(product.name, product.versions.length)} path={`/${product.slug}`} card={product.slug} markdown={`/${product.slug}.md`} />
      <header className="grid items-start gap-x-12 gap-y-8 lg:grid-cols-[5fr_6fr] lg:grid-rows-[auto_1fr]">
        <div className="space-y-5">
          <h1 className="text-2xl sm:text-3xl">{product.name}</h1>
          <p className="flex flex-wrap gap-1.5">
            {product.currentVersion && <Badge tone="good">{product.currentVersion}</Badge>}
            {product.layer && <Badge>{words.layer[product.layer as keyof typeof words.layer]}</Badge>}
            {product.testMode && <Badge>{words.testMode}</Badge>}
            {product.access === 'private' && <Badge tone="notice">{words.private}</Badge>}
          </p>
          <Prose html={about} />
          <div className="flex flex-wrap gap-3">
            <ButtonLink to={signedIn ? '/dashboard/keys' : `/sign-up?product=${product.slug}`}>{signedIn ? words.yourKeys : words.getKey}</ButtonLink>
            {product.currentVersion && <ButtonLink kind="plain" to={`/${product.slug}/${product.currentVersion}`}>{words.readReference}</ButtonLink>}
          </div>
        </div>
        {call && (
          <section aria-labelledby="quickstart" className="min-w-0 space-y-3 lg:col-start-2 lg:row-span-2 lg:row-start-1">
            <div><h2 id="quickstart" className="text-xl">{words.quickstart}</h2><p className="text-muted">{words.quickstartSteps}</p></div>
            <ExampleCall call={call} />
          </section>
        )}
        <Highlights lines={product.highlights} title={words.youCanBuild} />
      </header>
      <GuideList slug={product.slug} guides={product.guides} title={words.guides} />
      <section className="space-y-4">
        <h2 id="plans" className="text-xl">{words.plans}</h2>
        <ProblemNotice problem={problem} />
        {chosen && <PlanConfirmation plan={chosen} own={own} back={`/${product.slug}#plans`} />}
        {product.plans.length > 0 ? <PricingTable plans={product.plans} choice={(plan) => signedIn ? <PlanChoice plan={plan} own={own} /> : <ButtonLink kind={plan.default ? 'primary' : 'plain'} to={`/sign-up?product=${product.slug}`}>{plan.access === 'approval' ? words.signUpToAsk : words.getKey}</ButtonLink>} /> : <EmptyState title={words.noPlan}>{words.noPlanDetail}</EmptyState>}
      </section>
      {calculator && (
        <section className="space-y-5">
          <div><h2 id="calculator" className="text-xl">{texts.calculator.title}</h2><p className="text-muted">{texts.calculator.about}</p></div>
          <Calculator plans={product.plans} start={calculator} />
        </section>
      )}
      <section className="space-y-4">
        <h2 id="versions" className="text-xl">{words.versions}</h2>
        {product.versions.length > 0 ? <Versions slug={product.slug} versions={product.versions} /> : <EmptyState title={words.noVersion} />}
      </section>
    </div>
  );
}

function Versions({ slug, versions }: { slug: string; versions: VersionSummary[] }) {
  return (
    <DataTable caption={words.versions} rows={versions} rowKey={({ id }) => id} columns={[
      { key: 'version', header: words.version, cell: (version) => <TextLink to={`/${slug}/${version.name}`}>{version.name}</TextLink> },
      { key: 'state', header: words.state, cell: (version) => <VersionStatus version={version} /> },
      { key: 'published', header: words.published, cell: (version) => <Time ms={version.publishedAt} day /> },
      { key: 'deprecated', header: words.deprecated, cell: (version) => version.deprecatedAt === null ? words.notDeprecated : <Time ms={version.deprecatedAt} day /> },
      { key: 'sunset', header: words.sunset, cell: (version) => version.sunsetAt === null ? words.noSunset : <span className="whitespace-nowrap"><Time ms={version.sunsetAt} day />{version.successor && <> ({words.moveTo} <TextLink to={`/${slug}/${version.successor}`}>{version.successor}</TextLink>)</>}</span> },
      { key: 'operations', header: words.operations, align: 'right', cell: (version) => version.operationCount },
      { key: 'openapi', header: words.openapi, cell: (version) => <a className="text-accent underline" href={`/${slug}/${version.name}/openapi.json`}>{version.openapi}</a> },
    ]} />
  );
}
