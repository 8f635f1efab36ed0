import type { ReactNode } from 'react';
import { Link, useLoaderData } from 'react-router';
import { errorCatalogue } from '../../../errors.ts';
import type { OperationSummary } from '../../../control/services.ts';
import { renderMarkdown } from '../../markdown.server.ts';
import { load } from '../../page.server.ts';
import { Badge, Method, StatusCode } from '../../ui/badge.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { curlOf } from '../../ui/curl.ts';
import { exampleText } from '../../ui/example-text.ts';
import { Prose } from '../../ui/prose.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { gatewayErrorsOf } from './operation-errors.ts';
import { schemaTree, type SchemaNode } from './schema-tree.ts';
import { SchemaView } from './schema-view.tsx';

export const loader = load(async ({ params, services, reader }) => {
  const actor = await reader();
  const { product: slug = '', version = '', operation: name = '' } = params;
  const [product, page, portal] = await Promise.all([services.products.get(actor, slug), services.products.getOperation(actor, slug, version, name), services.configuration.portal()]);
  const content = (list: { mediaType: string; schema: unknown; example: unknown }[]) => list.map(({ mediaType, schema, example }) => ({ mediaType, tree: schemaTree('', schema, false, renderMarkdown), example: exampleText(example) }));
  return {
    base: `/${slug}/${version}`,
    operation: page.operation, previous: page.previous, next: page.next,
    description: renderMarkdown(page.description),
    parameters: page.parameters.map((parameter) => ({ name: parameter.name, in: parameter.in, tree: { ...schemaTree(parameter.name, parameter.schema, parameter.required, renderMarkdown), description: renderMarkdown(parameter.description), deprecated: parameter.deprecated } })),
    requestBody: page.requestBody && { ...page.requestBody, description: renderMarkdown(page.requestBody.description), content: content(page.requestBody.content) },
    responses: page.responses.map((response) => ({ status: response.status, description: renderMarkdown(response.description), content: content(response.content) })),
    curl: curlOf(product.baseUrls[version] ?? '', page.sample, `${portal.keyPrefix}_${product.testMode ? 'test' : 'live'}_YOUR_KEY`),
    errors: gatewayErrorsOf({ hasBody: page.requestBody !== null }),
  };
});

export default function Operation() {
  const page = useLoaderData<typeof loader>();
  const { operation } = page;
  const answer = page.responses.flatMap(({ content }) => content).find(({ example }) => example !== null);
  return (
    <article className="grid gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <title>{`${operation.summary || operation.operation} (${operation.method} ${operation.path})`}</title>
      <div className="min-w-0 space-y-8">
        <header className="space-y-3">
          <h1 className="text-2xl">{operation.summary || operation.operation}</h1>
          <p className="flex flex-wrap items-baseline gap-2"><Method name={operation.method} /><code className="text-lg break-all">{operation.path}</code>{operation.deprecated && <Badge tone="notice">deprecated</Badge>}</p>
          <Prose html={page.description} />
        </header>
        {(['path', 'query', 'header', 'cookie'] as const).map((place) => {
          const parameters = page.parameters.filter((parameter) => parameter.in === place);
          return parameters.length > 0 && <Section key={place} id={`${place}-parameters`} title={`${place[0]!.toUpperCase()}${place.slice(1)} parameters`}>{parameters.map(({ name, tree }) => <SchemaView key={name} node={tree} id={`${place}-${name}`} depth={2} />)}</Section>;
        })}
        {page.requestBody && (
          <Section id="request-body" title={`Request body${page.requestBody.required ? '' : ' (optional)'}`}>
            <Prose html={page.requestBody.description} small />
            {page.requestBody.content.map((part) => <Content key={part.mediaType} part={part} id="body" />)}
          </Section>
        )}
        <Section id="responses" title="Responses">
          {page.responses.map((response) => (
            <section key={response.status} id={`response-${response.status}`} className="border-t py-3">
              <h3 className="flex items-baseline gap-2">{/^\d+$/.test(response.status) ? <StatusCode status={Number(response.status)} /> : <code>{response.status}</code>}</h3>
              <Prose html={response.description} small />
              {response.content.map((part) => <Content key={part.mediaType} part={part} id={`response-${response.status}`} />)}
            </section>
          ))}
        </Section>
        <Section id="errors" title="Refusals by the gateway">
          <ul>{page.errors.map((code) => <li key={code} className="grid grid-cols-[3rem_1fr] border-t py-1.5"><StatusCode status={errorCatalogue[code].status} /><span><TextLink to={`/errors/${code}`}><code className="text-sm">{code}</code></TextLink> <span className="text-muted">{errorCatalogue[code].title}</span></span></li>)}</ul>
        </Section>
        <nav aria-label="Neighbours" className="flex flex-wrap justify-between gap-4 border-t pt-4">
          {page.previous ? <Neighbour base={page.base} operation={page.previous} word="Previous" /> : <span />}
          {page.next && <Neighbour base={page.base} operation={page.next} word="Next" />}
        </nav>
      </div>
      <aside className="min-w-0 space-y-4 xl:sticky xl:top-4 xl:self-start">
        <CodeBlock label="curl" code={page.curl} />
        {answer?.example && <CodeBlock label={`Example answer, ${answer.mediaType}`} code={answer.example} />}
        <p className="text-sm"><a className="text-accent underline" href={`${page.base}/${operation.slug}.md`}>This page as Markdown</a></p>
      </aside>
    </article>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return <section aria-labelledby={id} className="space-y-2"><h2 id={id} className="scroll-mt-4 text-xl"><a href={`#${id}`} className="hover:underline">{title}</a></h2><div>{children}</div></section>;
}

function Content({ part, id }: { part: { mediaType: string; tree: SchemaNode }; id: string }) {
  return (
    <div className="mt-2">
      <p className="text-sm text-muted"><code>{part.mediaType}</code>: {part.tree.type}</p>
      {part.tree.rules.length > 0 && <p className="font-mono text-xs text-muted">{part.tree.rules.join(', ')}</p>}
      {part.tree.children.map((node, index) => <SchemaView key={index} node={node} id={`${id}-${node.name.replaceAll(/[^\w.-]+/g, '-')}`} depth={1} />)}
    </div>
  );
}

function Neighbour({ base, operation, word }: { base: string; operation: OperationSummary; word: string }) {
  return <Link to={`${base}/${operation.slug}`} className="group"><span className="block text-sm text-muted">{word}</span><span className="text-accent group-hover:underline">{operation.summary || operation.path}</span></Link>;
}
