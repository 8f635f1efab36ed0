import { Link, NavLink, Outlet, useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Notice } from '../../ui/notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { DraftBanner } from './draft-banner.tsx';
import { navigation, type OperationGroup } from './operation-groups.ts';
import './reference.css';

const words = texts.reference;

export const loader = load(async ({ params, services, reader }) => {
  const actor = await reader();
  const { product: slug = '', version: name = '', operation } = params;
  const { product, version, operations } = await services.reference.getVersion(actor, slug, name);
  const elsewhere = operation === undefined ? {} : await services.reference.getElsewhere(actor, slug, name, operation);
  return {
    product: { slug: product.slug, name: product.name, versions: product.versions.map((other) => ({ name: other.name, status: other.status, page: elsewhere[other.name] ?? null })) },
    version: { name: version.name, title: version.title, openapi: version.openapi, status: version.status, sunsetAt: version.sunsetAt, successor: version.successor },
    count: operations.length, groups: navigation(operations, operation),
  };
});

export const shouldRevalidate = () => true;

export default function Reference() {
  const { product, version, groups, count } = useLoaderData<typeof loader>();
  const base = `/${product.slug}/${version.name}`;
  return (
    <div className="grid gap-x-10 gap-y-6 min-[800px]:grid-cols-[13rem_minmax(0,1fr)]">
      <nav aria-label={words.operations} className="min-[800px]:sticky min-[800px]:top-4 min-[800px]:max-h-[calc(100dvh-2rem)] min-[800px]:self-start min-[800px]:overflow-y-auto">
        <p className="mb-1 font-semibold"><Link to={`/${product.slug}`} className="hover:underline">{product.name}</Link></p>
        <ul aria-label={words.versions} className="mb-3 flex flex-wrap gap-x-3 text-sm">
          {product.versions.map(({ name, status, page }) => <li key={name}><Link to={`/${product.slug}/${name}${page ? `/${page}` : ''}`} aria-current={name === version.name ? 'true' : undefined} className="text-muted hover:text-ink aria-[current=true]:font-semibold aria-[current=true]:text-ink">{[name, words.versionState[status]].filter(Boolean).join(' ')}</Link></li>)}
        </ul>
        <p className="min-[800px]:mb-3"><NavLink to={base} end className="text-accent hover:underline aria-[current=page]:font-medium aria-[current=page]:text-ink">{words.allOperations(count)}</NavLink></p>
        <div className="hidden min-[800px]:block">{groups.map((group) => <Group key={group.tag} base={base} group={group} />)}</div>
      </nav>
      <div className="min-w-0 space-y-6">
        <State product={product.slug} version={version} />
        <Outlet />
      </div>
    </div>
  );
}

function State({ product, version: { name, status, sunsetAt, successor } }: { product: string; version: { name: string; status: string; sunsetAt: number | null; successor: string | null } }) {
  if (status === 'draft') return <DraftBanner product={product} version={name} />;
  if (status === 'retired') return <Notice tone="bad" title={words.versionRetired(name)}>{words.retiredCalls}</Notice>;
  if (status !== 'deprecated') return null;
  return (
    <Notice tone="notice" title={words.versionDeprecated(name)}>
      <p>{sunsetAt !== null && <>{words.stopsOn} <Time ms={sunsetAt} />. </>}{successor && <>{words.moveTo} <TextLink to={`/${product}/${successor}`}>{successor}</TextLink>.</>}</p>
    </Notice>
  );
}

function Group({ base, group: { tag, count, from, operations } }: { base: string; group: OperationGroup }) {
  const address = `${base}?${new URLSearchParams({ tag })}`;
  const after = count - from - operations.length;
  if (operations.length === 0) return <Link to={address} className="tag-link">{tag}<i>{count}</i></Link>;
  return (
    <section className="my-3">
      <h2 className="mb-1 text-sm text-muted">{tag}</h2>
      {from > 0 && <More to={address} count={from} tag={tag} />}
      <ul className="operation-links">{operations.map(([slug, method, title]) => <li key={slug}><NavLink to={`${base}/${slug}`}><b className={method}>{method}</b><span>{title}</span></NavLink></li>)}</ul>
      {after > 0 && <More to={address} count={after} tag={tag} />}
    </section>
  );
}

function More({ to, count, tag }: { to: string; count: number; tag: string }) {
  return <p className="py-0.5 text-sm"><Link to={to} className="text-accent hover:underline">{words.moreOperations(count, tag)}</Link></p>;
}
