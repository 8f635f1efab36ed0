import { Link, NavLink, Outlet, useLoaderData } from 'react-router';
import type { OperationSummary } from '../../../control/services.ts';
import { load, refusal } from '../../page.server.ts';
import { Method } from '../../ui/badge.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { DraftBanner } from './draft-banner.tsx';
import { groupByTag, tagAnchor, type OperationGroup } from './operation-groups.ts';

export const loader = load(async ({ params, services, reader, web }) => {
  const actor = await reader();
  const [product, operations] = await Promise.all([services.products.get(actor, params['product']!), services.products.listOperations(actor, params['product']!, params['version']!)]);
  const version = product.versions.find(({ name }) => name === params['version']);
  if (!version) throw refusal('not_found', `${product.name} has no version ${params['version']}.`, web);
  return { product: { slug: product.slug, name: product.name, versions: product.versions.map(({ name, status }) => ({ name, status })) }, version, groups: navigation(operations, params['operation']) };
});

export const shouldRevalidate = () => true;

export default function Reference() {
  const { product, version, groups } = useLoaderData<typeof loader>();
  const base = `/${product.slug}/${version.name}`;
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  return (
    <div className="grid gap-x-10 gap-y-6 md:grid-cols-[14rem_minmax(0,1fr)]">
      {version.status === 'draft' && <DraftBanner product={product.slug} version={version.name} />}
      <nav aria-label="Operations" className="md:sticky md:top-4 md:max-h-[calc(100dvh-2rem)] md:self-start md:overflow-y-auto">
        <p className="mb-2 font-semibold"><Link to={`/${product.slug}`} className="hover:underline">{product.name}</Link></p>
        <p className="mb-3 flex flex-wrap gap-x-3 text-sm">
          {product.versions.map(({ name, status }) => <NavLink key={name} to={`/${product.slug}/${name}`} className="text-muted aria-[current=page]:font-semibold aria-[current=page]:text-ink">{name}{status === 'published' ? '' : ` (${status})`}</NavLink>)}
        </p>
        <details className="md:hidden"><summary className="py-1 font-medium">All {count} operations</summary><Tree base={base} groups={groups} /></details>
        <div className="hidden md:block"><Tree base={base} groups={groups} /></div>
      </nav>
      <div className="min-w-0 space-y-6">
        {version.status === 'deprecated' && (
          <Notice tone="notice" title={`${version.name} is deprecated`}>
            <p>{version.sunsetAt !== null && <>It stops answering on <Time ms={version.sunsetAt} />. </>}{version.successor && <>Move to <TextLink to={`/${product.slug}/${version.successor}`}>{version.successor}</TextLink>.</>}</p>
          </Notice>
        )}
        {version.status === 'retired' && <Notice tone="bad" title={`${version.name} is retired`}>Calls to it are refused with 410.</Notice>}
        <Outlet />
      </div>
    </div>
  );
}

/** Past this many operations the tree opens only the tag of the page's own operation; the others link to the index. */
const openOperationsMax = 150;

function navigation(operations: OperationSummary[], current: string | undefined): NavigationGroup[] {
  const groups = groupByTag(operations);
  if (operations.length <= openOperationsMax) return groups.map((group) => ({ ...group, count: group.operations.length }));
  return groups.map((group) => ({ tag: group.tag, count: group.operations.length, operations: group.operations.some(({ slug }) => slug === current) ? group.operations : [] }));
}

interface NavigationGroup extends OperationGroup { count: number }

function Tree({ base, groups }: { base: string; groups: NavigationGroup[] }) {
  return groups.map(({ tag, count, operations }) => (
    <section key={tag} className={operations.length === 0 ? '' : 'mb-4'}>
      <h2 className="mb-1 text-sm text-muted">{operations.length === 0 ? <Link to={`${base}#${tagAnchor(tag)}`} className="hover:underline">{tag} ({count})</Link> : tag}</h2>
      <ul>
        {operations.map((operation) => (
          <li key={operation.slug}>
            <NavLink to={`${base}/${operation.slug}`} className="grid grid-cols-[3.25rem_1fr] items-baseline rounded-md py-0.5 hover:bg-sunken aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium">
              <Method name={operation.method} />
              <span className="break-words">{operation.summary || operation.path}</span>
            </NavLink>
          </li>
        ))}
      </ul>
    </section>
  ));
}
