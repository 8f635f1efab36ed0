import { useLoaderData, useRouteLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { Method } from '../../ui/badge.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { groupByTag, tagAnchor } from './operation-groups.ts';
import type { loader as referenceLoader } from './reference.tsx';

export const loader = load(async ({ params, services, reader }) => {
  const actor = await reader();
  const [product, operations] = await Promise.all([services.products.get(actor, params['product']!), services.products.listOperations(actor, params['product']!, params['version']!)]);
  return { baseUrl: product.baseUrls[params['version']!] ?? '', groups: groupByTag(operations) };
});

export default function OperationList() {
  const { baseUrl, groups } = useLoaderData<typeof loader>();
  const reference = useRouteLoaderData<typeof referenceLoader>('portal/products/reference');
  if (!reference) return null;
  const { product, version } = reference;
  return (
    <div className="space-y-8">
      <title>{`${product.name} ${version.name} reference`}</title>
      <header className="space-y-2">
        <h1 className="text-2xl">{version.title || product.name} <span className="text-muted">{version.name}</span></h1>
        <p>Calls start with <code className="rounded-md bg-sunken px-1 break-all">{baseUrl}</code></p>
        <p className="text-muted">OpenAPI {version.openapi}: <a className="text-accent underline" href={`/${product.slug}/${version.name}/openapi.json`}>download the document</a></p>
      </header>
      {groups.map(({ tag, operations }) => (
        <section key={tag} id={tagAnchor(tag)} className="scroll-mt-4 space-y-1">
          <h2 className="text-xl">{tag}</h2>
          <ul>
            {operations.map((operation) => (
              <li key={operation.slug} className="grid grid-cols-[4rem_1fr] items-baseline border-t py-2 sm:grid-cols-[4rem_1fr_1fr]">
                <Method name={operation.method} />
                <code className="text-sm break-all">{operation.path}</code>
                <span className="col-start-2 sm:col-start-3"><TextLink to={operation.slug}>{operation.summary || operation.operation}</TextLink>{operation.deprecated && <span className="text-sm text-notice"> deprecated</span>}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
