import { useRef, type ReactNode } from 'react';
import { Link, useLoaderData } from 'react-router';
import type { ContentReference, SchemaNode, SampleRun } from '../../../control/services.ts';
import { refusalsOf } from '../../../domain/gateway-refusals.ts';
import { errorCatalogue } from '../../../errors.ts';
import { highlight } from '../../highlight.server.ts';
import { termLinker } from '../../article/link-terms.server.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge, Method, StatusCode } from '../../ui/badge.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ExternalLink } from '../../ui/icon.ts';
import { LastWorked } from '../documentation/last-worked.tsx';
import { PageFeedback } from '../documentation/page-feedback.tsx';
import { codeSamples } from './code-samples.ts';
import { describe, describeTree } from './describe-tree.server.ts';
import { plansOf } from './operation-cost.ts';
import { OperationPlans } from './operation-plans.tsx';
import { hasRows, SchemaRow, SchemaTree, useRememberedFolds } from './schema-view.tsx';
import { typeWords } from './schema-words.ts';
import { buildCall, initialValues } from './try-it/build-call.ts';
import { tryItKey, tryItOperation } from './try-it/try-it.server.ts';
import { TryIt } from './try-it/try-it.tsx';
import { PageMeta } from '../page-meta.tsx';

const words = texts.reference;

/** Colours double the weight of code, as markup and as data: past this length code stands in one colour. */
const highlightedMax = 7_000;
/** Characters of a real answer that a page shows. */
const realAnswerMax = 4_000;

export const loader = load(async ({ params, services, reader, viewer }) => {
  const [actor, developer] = await Promise.all([reader(), viewer()]);
  const { product: slug = '', version: name = '', operation: operationSlug = '' } = params;
  const [page, version, portal, run] = await Promise.all([
    services.reference.getOperation(actor, slug, name, operationSlug), services.reference.getVersion(actor, slug, name), services.configuration.portal(), services.documentation.findRun(actor, { product: slug, version: name, operation: operationSlug }),
  ]);
  const { product, plans } = version;
  const key = await tryItKey(services, developer, product);
  const own = developer?.kind === 'developer' ? (await services.plans.listSubscriptions(developer, { consumerId: developer.consumerId })).find(({ productSlug, state }) => productSlug === slug && state === 'active') : undefined;
  const tryIt = tryItOperation(version, page);
  const placeholder = `${portal.keyPrefix}_${product.testMode ? 'test' : 'live'}_YOUR_KEY`;
  const { operation } = page;
  const link = termLinker(await services.learn.listTerms());
  const told = (markdown: string): string => link(describe(markdown));
  return {
    base: `/${slug}/${name}`, operation, previous: neighbour(page.previous), next: neighbour(page.next),
    description: told(page.description), externalDocs: page.externalDocs,
    parameters: page.parameters.map(({ name: parameter, in: place, schema, description }) => ({ name: parameter, in: place, schema: describeTree({ ...schema, ...(description !== '' && { description }) }, told) })),
    requestBody: page.requestBody && { ...page.requestBody, description: told(page.requestBody.description), content: page.requestBody.content.map((content) => described(content, false, told)) },
    responses: page.responses.map((response) => ({ ...response, description: told(response.description), headers: response.headers.map((header) => describeTree(header, told)), content: response.content.map((content) => described(content, true, told)) })),
    refusals: refusalsOf({ operation: operation.operation, hasBody: page.requestBody !== null, policies: product.policies, status: version.version.status, plans }).map((code) => ({ code, status: errorCatalogue[code].status, title: errorCatalogue[code].title })),
    plans: plansOf(plans, operation.operation, own?.planSlug),
    ran: ranOf(run), tryIt, key, placeholder, highlighted: highlightedSamples(codeSamples(buildCall(tryIt, initialValues(tryIt), key.state === 'ready' ? key.key : placeholder))),
  };
});

/** The run without its answer, and of a whole short answer what came back: it stands in place of the document's example. */
function ranOf(run: SampleRun | null) {
  if (run === null) return null;
  const { answer, reason: _reason, ...facts } = run;
  return { ...facts, answer: run.worked && answer?.whole && answer.body !== '' && answer.body.length <= realAnswerMax ? answer : null };
}

function neighbour(operation: { slug: string; summary: string; path: string; method: string } | null) {
  return operation && { slug: operation.slug, title: operation.summary || `${operation.method} ${operation.path}` };
}

function described({ mediaType, schema, example }: ContentReference, withExample: boolean, tell: (markdown: string) => string) {
  return { mediaType, schema: schema && describeTree(schema, tell), example: withExample ? example : null };
}

function highlightedSamples(samples: { code: string; language: string }[]): string[] | null {
  const html = samples.map(({ code, language }) => highlight(code, language));
  return html.reduce((sum, { length }) => sum + length, 0) > highlightedMax ? null : html;
}

export default function Operation() {
  const page = useLoaderData<typeof loader>();
  const { operation, base, responses } = page;
  const container = useRef<HTMLElement>(null);
  useRememberedFolds(container, `${base}/${operation.slug}`);
  const answer = responses.find(({ content }) => content[0]?.example);
  return (
    <article ref={container} className="grid gap-x-10 gap-y-10 min-[1200px]:grid-cols-[minmax(0,1fr)_25rem]">
      <PageMeta title={`${operation.summary || operation.operation} (${operation.method} ${operation.path})`} description={operation.summary} path={`${base}/${operation.slug}`} card={`${base.slice(1)}/${operation.slug}`} markdown={`${base}/${operation.slug}.md`} />
      <header className="min-w-0 space-y-3 min-[1200px]:col-span-2">
        <p className="flex flex-wrap items-baseline gap-2"><Method name={operation.method} /><code className="text-lg break-all">{operation.path}</code>{operation.deprecated && <Badge tone="notice">{words.deprecated}</Badge>}</p>
        <h1 className="text-2xl">{operation.summary || operation.operation}</h1>
        {page.description && <div className="prose-text" dangerouslySetInnerHTML={{ __html: page.description }} />}
        {page.externalDocs && /^https?:/i.test(page.externalDocs.url) && <p><a href={page.externalDocs.url} className="inline-flex items-center gap-1 text-accent underline underline-offset-2">{page.externalDocs.description || words.moreAbout}<ExternalLink className="size-3.5" aria-hidden="true" /></a></p>}
      </header>
      <div className="min-w-0 space-y-10"><Contract page={page} /></div>
      <aside aria-label={words.request} className="operation-code min-w-0 space-y-6 min-[1200px]:sticky min-[1200px]:top-4 min-[1200px]:max-h-[calc(100dvh-2rem)] min-[1200px]:self-start min-[1200px]:overflow-y-auto">
        <TryIt key={`${base}/${operation.slug}`} operation={page.tryIt} tryItKey={page.key} placeholder={page.placeholder} highlighted={page.highlighted} />
        <LastWorked run={page.ran} />
        {page.ran?.answer ? <CodeBlock label={texts.documentationRuns.realAnswer(page.ran.answer.status, page.ran.answer.contentType)} code={page.ran.answer.body} language="json" /> : answer && (
          <div className="space-y-2">
            <CodeBlock label={words.exampleOf(answer.status)} code={answer.content[0]!.example!.text} language="json" />
            {answer.content[0]!.example!.cut && <p className="text-sm"><a className="text-accent underline underline-offset-2" href={exampleAddress(page, answer.status)}>{words.wholeExample}</a></p>}
          </div>
        )}
      </aside>
      <Footer page={page} />
    </article>
  );
}

type PageData = ReturnType<typeof useLoaderData<typeof loader>>;

function Contract({ page }: { page: PageData }) {
  const { base, requestBody } = page;
  const place = (id: string) => ({ base, id, trail: [] });
  return (
    <>
      {(['path', 'query', 'header', 'cookie'] as const).map((kind) => {
        const parameters = page.parameters.filter((parameter) => parameter.in === kind);
        return parameters.length > 0 && <Section key={kind} id={`${kind}-parameters`} title={words.parameters[kind]}>{parameters.map(({ name, schema }) => <SchemaRow key={name} node={schema} place={place(`${kind}-${name.replaceAll(/[^\w.-]+/g, '-')}`)} depth={1} anchor />)}</Section>;
      })}
      {requestBody && (
        <Section id="request-body" title={requestBody.required ? words.requestBody : words.requestBodyOptional}>
          {requestBody.description && <div className="prose-text prose-small" dangerouslySetInnerHTML={{ __html: requestBody.description }} />}
          {requestBody.content.map((part) => <Content key={part.mediaType} part={part} place={place('body')} />)}
        </Section>
      )}
      <Section id="responses" title={words.responses}>
        {page.responses.map((response) => (
          <section key={response.status} id={`response-${response.status}`} className="scroll-mt-20 border-t py-3">
            <div className="flex items-baseline gap-3"><h3><Status status={response.status} /></h3>{response.description && <div className="prose-text prose-small min-w-0" dangerouslySetInnerHTML={{ __html: response.description }} />}</div>
            {response.headers.length > 0 && <details data-fold={`response-${response.status}-headers`} className="schema-fold"><summary>{words.responseHeaders}</summary><div>{response.headers.map((header) => <SchemaRow key={header.name} node={header} place={place(`response-${response.status}-header-${header.name}`)} depth={2} />)}</div></details>}
            {response.content.map((part) => <Content key={part.mediaType} part={part} place={place(`response-${response.status}`)} />)}
          </section>
        ))}
      </Section>
      <OperationPlans plans={page.plans} product={page.tryIt.product} />
      <Refusals refusals={page.refusals} />
    </>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return <section aria-labelledby={id} className="space-y-2"><h2 id={id} className="scroll-mt-20 text-xl"><a href={`#${id}`} className="hover:underline">{title}</a></h2><div>{children}</div></section>;
}

function Content({ part, place }: { part: { mediaType: string; schema: SchemaNode | null }; place: { base: string; id: string; trail: [string, string][] } }) {
  const folded = /^response-(?!2)/.test(place.id);
  const type = part.schema ? typeWords(part.schema) : words.sameSchema;
  const heading = <><code>{part.mediaType}</code> <span className="text-muted">{type}</span></>;
  if (!part.schema || !hasRows(part.schema)) return <div className="mt-2 text-sm"><p className="break-words">{heading}</p>{part.schema && <SchemaTree node={part.schema} place={place} />}</div>;
  return (
    <details open={!folded} data-fold={`${place.id} ${part.mediaType}`} className="mt-2">
      <summary className="w-fit text-sm break-words">{heading}</summary>
      <SchemaTree node={part.schema} place={place} />
    </details>
  );
}

function Status({ status }: { status: string }) {
  return /^\d+$/.test(status) ? <StatusCode status={Number(status)} /> : <code>{status}</code>;
}

function Refusals({ refusals }: { refusals: PageData['refusals'] }) {
  return (
    <Section id="refusals" title={words.refusals}>
      <p className="max-w-[65ch] text-muted">{words.refusalsNote}</p>
      <details data-fold="refusals" className="mt-2">
        <summary className="w-fit text-sm text-muted hover:text-ink">{words.showRefusals(refusals.length)}</summary>
        <ul className="refusal-rows">{refusals.map(({ code, status, title }) => <li key={code}><b>{status}</b><span><Link to={`/errors/${code}`}>{code}</Link> {title}</span></li>)}</ul>
      </details>
    </Section>
  );
}

function exampleAddress({ base, operation }: PageData, status: string): string {
  return `${base}/openapi.example?${new URLSearchParams({ operation: operation.slug, status })}`;
}

function Footer({ page: { base, operation, previous, next } }: { page: PageData }) {
  return (
    <footer className="space-y-4 min-[1200px]:col-span-2">
      <PageFeedback />
      <nav aria-label={words.neighbours} className="flex flex-wrap justify-between gap-6">
        {previous ? <Neighbour base={base} to={previous} word={words.previous} /> : <span />}
        {next ? <Neighbour base={base} to={next} word={words.next} right /> : <span />}
      </nav>
      <p className="text-sm"><a className="text-accent underline underline-offset-2" href={`${base}/${operation.slug}.md`}>{words.asMarkdown}</a></p>
    </footer>
  );
}

function Neighbour({ base, to, word, right }: { base: string; to: { slug: string; title: string }; word: string; right?: boolean }) {
  return <Link to={`${base}/${to.slug}`} className={`group ${right ? 'text-right' : ''}`}><span className="block text-sm text-muted">{word}</span><span className="text-accent group-hover:underline">{to.title}</span></Link>;
}
