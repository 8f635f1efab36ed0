import { Form } from 'react-router';
import type { DocumentComparison, OperationSummary } from '../../../control/services.ts';
import type { ErrorPlace } from '../../../errors.ts';
import type { Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Method } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/number.ts';
import type { ExcerptLine } from './excerpt.ts';
import { ReplacementSummary } from './replacement-summary.tsx';

const words = texts.workspaceProducts;
const operationsShown = 200;

export interface Inspected {
  fileName: string;
  problems: (ErrorPlace & { excerpt: ExcerptLine[] })[];
  found: { title: string; version: string; openapi: string; operations: OperationSummary[]; servers: string[]; document: string } | null;
}

/** Values are those that the form held when it was told what replacing means. */
export interface Replacement { name: string; values: Record<'slug' | 'version' | 'name' | 'upstream', string>; comparison: DocumentComparison }

interface Props { inspected: Inspected; products: { slug: string; name: string }[]; chosen: string; version: string; problem: Problem | undefined; replacement: Replacement | undefined }

export function Inspection({ inspected, products, chosen, version, problem, replacement }: Props) {
  const { fileName, problems, found } = inspected;
  if (!found) return <Mistakes fileName={fileName} problems={problems} />;
  const slug = chosen || found.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  const held = replacement?.values;
  return (
    <div className="space-y-6">
      <Notice tone="good" title={words.found(fileName, found.title, found.openapi, formatCount(found.operations.length))} role="status" />
      <Form method="post" encType="multipart/form-data" className="space-y-4">
        <input type="hidden" name="fileName" value={fileName} />
        <textarea name="document" hidden readOnly value={found.document} />
        <div className="max-w-md space-y-4">
          <FormField label={words.productAddress} name="slug" required pattern="[a-z0-9\-]+" defaultValue={held?.slug ?? slug} list="slugs" hint={words.productAddressHint} problem={problem} />
          <datalist id="slugs">{products.map((product) => <option key={product.slug} value={product.slug}>{product.name}</option>)}</datalist>
          <FormField label={words.name} name="name" defaultValue={held?.name ?? (chosen ? '' : found.title)} hint={words.nameHint} problem={problem} />
          <FormField label={words.version} name="version" required defaultValue={held?.version ?? (version || `v${found.version.split('.')[0]?.replace(/^v/, '') || '1'}`)} problem={problem} />
          <FormField label={words.upstream} name="upstream" type="url" defaultValue={held?.upstream ?? (chosen ? '' : found.servers.find((server) => /^https?:/.test(server)))} hint={words.upstreamKeepHint} problem={problem} />
        </div>
        {replacement && <ReplacementSummary name={replacement.name} comparison={replacement.comparison} />}
        <div className="flex flex-wrap gap-2">
          {replacement ? <Submit kind="danger" doing={words.replacing} name="intent" value="replace">{words.replaceNow}</Submit> : <Submit doing={words.publishing} name="intent" value="publish">{words.publishNow}</Submit>}
          {!replacement && <Submit kind="plain" doing={words.savingDraft} name="intent" value="draft">{words.saveDraft}</Submit>}
        </div>
      </Form>
      <DataTable caption={words.inDocument} visibleCaption rows={found.operations.slice(0, operationsShown)} rowKey={({ slug: name }) => name} columns={[
        { key: 'method', header: words.method, cell: ({ method }) => <Method name={method} /> },
        { key: 'path', header: words.path, cell: ({ path }) => <code className="text-sm break-all">{path}</code> },
        { key: 'summary', header: words.summary, cell: ({ summary }) => summary },
      ]} />
      {found.operations.length > operationsShown && <p className="text-muted">{words.more(formatCount(found.operations.length - operationsShown))}</p>}
    </div>
  );
}

/** Each mistake with its place and the lines around it, as a compiler would show it. */
function Mistakes({ fileName, problems }: { fileName: string; problems: Inspected['problems'] }) {
  return (
    <Notice tone="bad" title={words.notPublishable(fileName || words.unnamedFile)} role="alert">
      <p>{words.nothingChanged}</p>
      <ol className="space-y-4 pt-2">
        {problems.map((place, index) => (
          <li key={index} className="min-w-0 space-y-1">
            <p>{place.line !== undefined && <code className="text-sm font-semibold">{words.place(place.file ?? fileName, place.line, place.column ?? 1)}</code>} {place.detail}</p>
            {place.pointer && <p className="text-sm break-all text-muted"><code>{place.pointer}</code></p>}
            {place.excerpt.length > 0 && (
              <pre tabIndex={0} className="overflow-x-auto rounded-md border border-line bg-sunken py-2 text-sm leading-6">
                {place.excerpt.map((line) => <span key={line.number} className={`block w-max min-w-full px-3 ${line.wrong ? 'bg-raised font-semibold text-bad' : 'text-muted'}`}><span className="mr-4 inline-block w-8 text-right tabular-nums">{line.number}</span>{line.text || ' '}</span>)}
              </pre>
            )}
          </li>
        ))}
      </ol>
    </Notice>
  );
}
