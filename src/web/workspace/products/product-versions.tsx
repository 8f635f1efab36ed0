import type { VersionSummary } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount } from '../../ui/number.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { VersionStatus } from '../../ui/version-badges.tsx';

const words = texts.workspaceProducts;

export function ProductVersions({ slug, versions }: { slug: string; versions: VersionSummary[] }) {
  return (
    <section className="space-y-3">
      <h2 id="versions" className="text-xl">{words.versions}</h2>
      <DataTable caption={words.versions} rows={versions.toReversed()} rowKey={({ id }) => id} empty={<EmptyState title={words.noVersion}>{words.noVersionHint}</EmptyState>} columns={[
        { key: 'name', header: words.version, cell: (row) => <TextLink to={`versions/${row.name}`}>{row.name}</TextLink> },
        { key: 'status', header: words.state, cell: (row) => <VersionStatus version={row} /> },
        { key: 'title', header: words.documentTitle, from: 'md', cell: (row) => row.title },
        { key: 'openapi', header: words.openapi, from: 'md', cell: (row) => row.openapi },
        { key: 'operations', header: words.operations, align: 'right', cell: (row) => formatCount(row.operationCount) },
        { key: 'published', header: words.published, cell: (row) => row.status === 'draft' ? '' : <Time ms={row.publishedAt} day /> },
        { key: 'deprecated', header: words.deprecated, from: 'md', cell: (row) => row.deprecatedAt === null ? '' : <Time ms={row.deprecatedAt} day /> },
        { key: 'sunset', header: words.sunset, cell: (row) => row.sunsetAt === null ? '' : <Time ms={row.sunsetAt} day /> },
        { key: 'successor', header: words.successor, from: 'md', cell: (row) => row.successor ?? '' },
        { key: 'portal', header: <span className="sr-only">{words.inPortal}</span>, cell: (row) => <TextLink to={`/${slug}/${row.name}`} className="whitespace-nowrap">{row.status === 'draft' ? words.preview : words.reference}</TextLink> },
      ]} />
    </section>
  );
}
