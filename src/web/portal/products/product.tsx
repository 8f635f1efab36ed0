import { redirect, useActionData, useLoaderData } from 'react-router';
import type { VersionSummary } from '../../../control/services.ts';
import { renderMarkdown } from '../../markdown.server.ts';
import { act, load, text } from '../../page.server.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { curlOf } from '../../ui/curl.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Prose } from '../../ui/prose.tsx';
import { Table } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { VersionStatus } from '../../ui/version-badges.tsx';
import { PlanChoice, PlanConfirmation } from './plan-choice.tsx';
import { PricingTable } from './pricing-table.tsx';

export const loader = load(async ({ params, services, url, viewer, reader }) => {
  const actor = await viewer();
  const [product, portal] = await Promise.all([services.products.get(await reader(), params['product']!), services.configuration.portal()]);
  const { quickstart, baseUrls, testMode } = product;
  const own = actor?.kind === 'developer' ? (await services.plans.listSubscriptions(actor, { consumerId: actor.consumerId })).find(({ productSlug, state }) => productSlug === product.slug && state !== 'ended') : undefined;
  return {
    product,
    signedIn: actor !== undefined,
    own: own ? { planSlug: own.planSlug, planName: own.planName, state: own.state, requestedPlan: own.requestedPlan } : null,
    chosen: actor === undefined ? null : product.plans.find(({ slug }) => slug === url.searchParams.get('plan') && slug !== own?.planSlug) ?? null,
    about: renderMarkdown(product.description),
    curl: quickstart && curlOf(baseUrls[quickstart.version] ?? '', quickstart.sample, `${portal.keyPrefix}_${testMode ? 'test' : 'live'}_YOUR_KEY`),
  };
});

export const action = act(async ({ form, params, services, developer }) => {
  await services.plans.subscribe(await developer(), { productSlug: params['product']!, planSlug: text(form, 'plan') });
  throw redirect(`/${params['product']}#plans`);
});

export default function Product() {
  const { product, about, curl, signedIn, own, chosen } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <div className="space-y-12">
      <title>{product.name}</title>
      <header className="grid items-start gap-8 lg:grid-cols-[5fr_6fr]">
        <div className="space-y-4">
          <div className="flex flex-wrap items-center gap-2">
            <h1 className="text-2xl sm:text-3xl">{product.name}</h1>
            {product.currentVersion && <Badge tone="good">{product.currentVersion}</Badge>}
            {product.testMode && <Badge>test mode</Badge>}
            {product.access === 'private' && <Badge tone="notice">private</Badge>}
          </div>
          <Prose html={about} />
          <div className="flex flex-wrap gap-3">
            <ButtonLink to={signedIn ? '/dashboard/keys' : '/sign-up'}>Get a key</ButtonLink>
            {product.currentVersion && <ButtonLink kind="plain" to={`/${product.slug}/${product.currentVersion}`}>Read the reference</ButtonLink>}
          </div>
        </div>
        {curl && <CodeBlock label="Quickstart" code={curl} />}
      </header>
      <section id="plans" className="space-y-4">
        <h2 id="plans" className="scroll-mt-4 text-xl">Plans</h2>
        <ProblemNotice problem={problem} />
        {chosen && <PlanConfirmation plan={chosen} own={own} back={`/${product.slug}#plans`} />}
        {product.plans.length > 0 ? <PricingTable plans={product.plans} choice={signedIn ? (plan) => <PlanChoice plan={plan} own={own} /> : undefined} /> : <EmptyState title="No plan is offered">The producer has not published a plan for this API.</EmptyState>}
      </section>
      <section className="space-y-4">
        <h2 className="text-xl">Versions</h2>
        {product.versions.length > 0 ? <Versions slug={product.slug} versions={product.versions} /> : <EmptyState title="No version is published yet" />}
      </section>
    </div>
  );
}

function Versions({ slug, versions }: { slug: string; versions: VersionSummary[] }) {
  return (
    <Table caption="Versions" rows={versions} keyOf={({ id }) => id} columns={[
      { header: 'Version', cell: (version) => <TextLink to={`/${slug}/${version.name}`}>{version.name}</TextLink> },
      { header: 'State', cell: (version) => <VersionStatus version={version} /> },
      { header: 'Published', cell: (version) => <Time ms={version.publishedAt} day /> },
      { header: 'Deprecated', cell: (version) => version.deprecatedAt === null ? 'no' : <Time ms={version.deprecatedAt} day /> },
      { header: 'Sunset', cell: (version) => version.sunsetAt === null ? 'none set' : <><Time ms={version.sunsetAt} day />{version.successor && <> (move to <TextLink to={`/${slug}/${version.successor}`}>{version.successor}</TextLink>)</>}</> },
      { header: 'Operations', numeric: true, cell: (version) => version.operationCount },
      { header: 'OpenAPI', cell: (version) => <a className="text-accent underline" href={`/${slug}/${version.name}/openapi.json`}>{version.openapi}</a> },
    ]} />
  );
}
