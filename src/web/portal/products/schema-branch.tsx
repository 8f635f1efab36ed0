import { useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { describeTree } from './describe-tree.server.ts';
import { SchemaTree } from './schema-view.tsx';

const words = texts.reference;

/** Where a schema's tree goes on: read in place by scripts, and a page for who has none. */
export const loader = load(async ({ params, services, reader, url }) => {
  const { product: slug = '', version = '' } = params;
  const at = url.searchParams.get('at') ?? '';
  const from = Number(url.searchParams.get('from') ?? 0);
  const within = (url.searchParams.get('within') ?? '').split('\n').filter((name) => name !== '').slice(0, 50);
  const node = await services.reference.getSchema(await reader(), slug, version, { at, from: Number.isSafeInteger(from) && from > 0 ? from : 0, within });
  return { base: `/${slug}/${version}`, at, node: describeTree(node) };
});

export default function SchemaBranch() {
  const { base, at, node } = useLoaderData<typeof loader>();
  return (
    <article className="max-w-3xl space-y-4">
      <title>{words.schemaOf(at)}</title>
      <h1 className="text-2xl">{node.title ?? words.schemaTitle}</h1>
      <p className="text-sm break-all text-muted"><code>{at}</code></p>
      <SchemaTree node={node} place={{ base, id: 'schema', trail: [] }} />
      <p><TextLink to={base}>{words.backToReference}</TextLink></p>
    </article>
  );
}
