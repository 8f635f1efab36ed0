import { useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { formatCount } from '../../ui/number.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { useMay } from '../use-may.ts';
import { sortRows } from '../sort-rows.ts';

const words = texts.workspaceProducts;

export const loader = load(async ({ services, member, url }) => {
  const products = await services.products.list(await member());
  const search = url.searchParams.get('search')?.trim().toLowerCase() ?? '';
  const access = url.searchParams.get('access') ?? '';
  const rows = products
    .filter(({ slug, name }) => search === '' || slug.includes(search) || name.toLowerCase().includes(search))
    .filter((product) => access === '' || product.access === access)
    .map(({ slug, name, access: open, testMode, currentVersion, versions }) => ({
      slug, name, access: open, testMode, currentVersion, versions: versions.length, drafts: versions.filter(({ status }) => status === 'draft').length, operations: versions.find((version) => version.name === currentVersion)?.operationCount ?? 0,
    }));
  return { rows: sortRows(rows, url.searchParams.get('sort')), any: products.length > 0, search, access };
});

export default function Products() {
  const { rows, any, search, access } = useLoaderData<typeof loader>();
  const mayChange = useMay('products.change');
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl">{words.title}</h1>
        {mayChange && <div className="flex flex-wrap gap-2"><ButtonLink kind="plain" to="/workspace/products/publish">{words.publishFile}</ButtonLink><ButtonLink to="/workspace/products/new">{words.newProduct}</ButtonLink></div>}
      </div>
      {any && (
        <FilterBar names={['search', 'access']}>
          <FormField label={words.search} name="search" type="search" defaultValue={search} />
          <SelectField label={words.access} name="access" defaultValue={access}><option value="">{words.anyAccess}</option><option value="public">{words.accessWords.public}</option><option value="private">{words.accessWords.private}</option></SelectField>
        </FilterBar>
      )}
      <DataTable caption={words.title} rows={rows} rowKey={({ slug }) => slug} empty={<EmptyState title={any ? words.noMatch : words.none}>{!any && words.noneHint}</EmptyState>} columns={[
        { key: 'name', header: words.name, sortable: true, cell: (row) => <TextLink to={row.slug}>{row.name}</TextLink> },
        { key: 'slug', header: words.address, sortable: true, cell: (row) => <code className="text-sm">/{row.slug}</code> },
        { key: 'access', header: words.access, sortable: true, cell: (row) => <Badge tone={row.access === 'private' ? 'notice' : 'quiet'}>{words.accessWords[row.access]}</Badge> },
        { key: 'testMode', header: words.testMode, from: 'md', cell: (row) => row.testMode ? words.yes : words.no },
        { key: 'currentVersion', header: words.currentVersion, cell: (row) => row.currentVersion ?? '' },
        { key: 'versions', header: words.versions, align: 'right', sortable: true, cell: (row) => formatCount(row.versions) },
        { key: 'operations', header: words.operations, align: 'right', sortable: true, cell: (row) => formatCount(row.operations) },
      ]} />
    </div>
  );
}
