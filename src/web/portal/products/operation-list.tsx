import { Link, useLoaderData, useRouteLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { groupByTag, linkOf } from './operation-groups.ts';
import type { loader as referenceLoader } from './reference.tsx';
import { tokenExchange } from './token-exchange.ts';
import { PageMeta } from '../page-meta.tsx';

const words = texts.reference;

/** A version with more operations than one page holds shows its groups, and one of them at a time. */
const pageMax = 100;

export const loader = load(async ({ params, services, reader, url }) => {
  const { product: slug = '', version = '' } = params;
  const { baseUrl, operations, product } = await services.reference.getVersion(await reader(), slug, version);
  const exchange = product.tokens?.own ? tokenExchange((await services.configuration.portal()).webUrl) : null;
  const tag = url.searchParams.get('tag');
  const groups = groupByTag(operations);
  const chosen = operations.length <= pageMax && tag === null ? undefined : groups.find((group) => group.tag === tag);
  const whole = operations.length <= pageMax && !chosen;
  const asked = Number(url.searchParams.get('from') ?? 0);
  const from = Number.isSafeInteger(asked) && asked > 0 ? Math.floor(asked / pageMax) * pageMax : 0;
  return {
    baseUrl, name: product.name, exchange, issuers: product.tokens?.issuers ?? [],
    tags: groups.map(({ tag: name, operations: members }) => ({ tag: name, count: members.length })),
    chosen: chosen ? { tag: chosen.tag, from, total: chosen.operations.length } : null,
    groups: (chosen ? [{ tag: chosen.tag, operations: chosen.operations.slice(from, from + pageMax) }] : whole ? groups : []).map((group) => ({ tag: group.tag, operations: group.operations.map((operation) => ({ link: linkOf(operation), path: operation.path })) })),
  };
});

export default function OperationList() {
  const { baseUrl, exchange, issuers, groups, tags, chosen } = useLoaderData<typeof loader>();
  const reference = useRouteLoaderData<typeof referenceLoader>('portal/products/reference');
  if (!reference) return null;
  const { product, version } = reference;
  const base = `/${product.slug}/${version.name}`;
  return (
    <div className="space-y-10">
      <PageMeta title={words.title(product.name, version.name)} description={texts.twins.versionTold(product.name, version.name)} path={`/${product.slug}/${version.name}`} card={`${product.slug}/${version.name}`} markdown={`/${product.slug}/${version.name}.md`} />
      <header className="space-y-2">
        <h1 className="text-2xl">{version.title || product.name} <span className="text-muted">{version.name}</span></h1>
        <p>{words.callsStartWith} <code className="rounded-md bg-sunken px-1 break-all">{baseUrl}</code></p>
        <p className="max-w-[65ch] text-muted">{words.sendKey}</p>
        {(exchange !== null || issuers.length > 0) && <Tokens exchange={exchange} issuers={issuers} />}
        <p className="text-muted">{words.openapiDocument(version.openapi)}: <a className="text-accent underline underline-offset-2" href={`${base}/openapi.json`}>{words.downloadDocument}</a></p>
      </header>
      {groups.map(({ tag, operations }) => (
        <section key={tag} aria-label={tag} className="space-y-1">
          <h2 className="text-xl">{tag}</h2>
          <ul className="operation-rows">{operations.map(({ link: [slug, method, title, deprecated], path }) => <li key={slug}><b className={method}>{method}</b><Link to={`${base}/${slug}`}>{title}</Link><code>{deprecated === 1 ? <s>{path}</s> : path}</code></li>)}</ul>
        </section>
      ))}
      {chosen && chosen.total > pageMax && <Pages base={base} chosen={chosen} />}
      {groups.length === 0 || chosen ? (
        <section aria-label={words.allTags} className="space-y-2">
          <h2 className="text-xl">{words.allTags}</h2>
          <ul className="columns-1 gap-8 sm:columns-2 lg:columns-3">{tags.map(({ tag, count }) => <li key={tag} className="break-inside-avoid border-t py-1"><Link to={`${base}?${new URLSearchParams({ tag })}`} className="flex justify-between gap-3 hover:underline"><span className="min-w-0 break-words">{tag}</span><span className="text-muted tabular-nums">{count}</span></Link></li>)}</ul>
        </section>
      ) : null}
    </div>
  );
}

function Tokens({ exchange, issuers }: { exchange: string | null; issuers: string[] }) {
  return (
    <section aria-labelledby="tokens" className="max-w-[65ch] space-y-2 pt-2">
      <h2 id="tokens" className="text-lg">{exchange === null ? words.tokensElsewhere : words.tokens}</h2>
      {exchange !== null && <p className="text-muted">{words.tokensTold} <TextLink to="/dashboard/keys">{words.tokensKeyId}</TextLink></p>}
      {exchange !== null && <CodeBlock label={words.tokensCommand} code={exchange} language="bash" />}
      {issuers.length > 0 && <p className="break-words text-muted">{words.tokensElsewhereTold(issuers)}</p>}
    </section>
  );
}

function Pages({ base, chosen: { tag, from, total } }: { base: string; chosen: { tag: string; from: number; total: number } }) {
  const to = (start: number): string => `${base}?${new URLSearchParams({ tag, ...(start > 0 ? { from: String(start) } : {}) })}`;
  return (
    <nav aria-label={words.tagOperations(tag, total)} className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
      <span className="text-muted tabular-nums">{words.range(from + 1, Math.min(from + pageMax, total), total)}</span>
      {from > 0 && <TextLink to={to(from - pageMax)}>{words.previousPage}</TextLink>}
      {from + pageMax < total && <TextLink to={to(from + pageMax)}>{words.nextPage}</TextLink>}
    </nav>
  );
}
