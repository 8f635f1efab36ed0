import type { BrokenGuideRequest } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { TextLink } from '../../ui/text-link.tsx';

const words = texts.documentationRuns;

export function BrokenRequests({ rows }: { rows: BrokenGuideRequest[] }) {
  const columns: DataColumn<BrokenGuideRequest>[] = [
    { key: 'guide', header: words.guide, cell: ({ article, file, line }) => <><TextLink to={addressOf(article)}>{article.title}</TextLink><span className="block text-sm text-muted">{words.fileAndLine(file, line)}</span></> },
    { key: 'detail', header: words.whatIsWrong, cell: ({ detail }) => detail },
  ];
  return (
    <section aria-labelledby="broken-requests" className="space-y-3">
      <h2 id="broken-requests" className="text-xl">{words.brokenRequests}</h2>
      <p className="max-w-[75ch] text-muted">{words.brokenRequestsHint}</p>
      <DataTable caption={words.brokenRequestsCaption} columns={columns} rows={rows} rowKey={({ file, line }) => `${file}:${line}`} />
    </section>
  );
}

function addressOf({ product, slug }: BrokenGuideRequest['article']): string {
  return product === null ? `/pages/${slug}` : `/${product}/guides/${slug}`;
}
