import { Form } from 'react-router';
import type { OperationSummary } from '../../../control/services.ts';
import type { ErrorPlace } from '../../../errors.ts';
import type { Problem } from '../../page.server.ts';
import { Method } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Table } from '../../ui/table.tsx';

export interface Inspected {
  fileName: string;
  problems: ErrorPlace[];
  found: { title: string; version: string; openapi: string; operations: OperationSummary[]; servers: string[]; document: string } | null;
}

export function Inspection({ inspected, products, chosen, problem }: { inspected: Inspected; products: { slug: string; name: string }[]; chosen: string; problem: Problem | undefined }) {
  const { fileName, problems, found } = inspected;
  if (!found) {
    return (
      <Notice tone="bad" title={`${fileName || 'The document'} cannot be published`} role="alert">
        <p>Nothing was changed. Correct these places and check again:</p>
        <Table caption="Problems" rows={problems.map((place, index) => ({ ...place, index }))} keyOf={({ index }) => String(index)} columns={[
          { header: 'Line', numeric: true, cell: ({ line, column }) => line === undefined ? '' : `${line}:${column ?? 1}` },
          { header: 'Problem', cell: ({ detail, pointer }) => <>{detail}{pointer && <code className="block text-xs text-muted">{pointer}</code>}</> },
        ]} />
      </Notice>
    );
  }
  const slug = chosen || found.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  return (
    <div className="space-y-6">
      <Notice tone="good" title={`${fileName}: ${found.title}, OpenAPI ${found.openapi}, ${found.operations.length} operations`} role="status" />
      <Form method="post" encType="multipart/form-data" className="max-w-md space-y-4">
        <input type="hidden" name="fileName" value={fileName} />
        <textarea name="document" hidden readOnly value={found.document} />
        <FormField label="Address of the product" name="slug" required pattern="[a-z0-9\-]+" defaultValue={slug} list="slugs" hint="Its part of every path. An existing one gets a new version." problem={problem} />
        <datalist id="slugs">{products.map((product) => <option key={product.slug} value={product.slug}>{product.name}</option>)}</datalist>
        <FormField label="Name" name="name" defaultValue={found.title} hint="Only used for a new product." problem={problem} />
        <FormField label="Version" name="version" required defaultValue={`v${found.version.split('.')[0]?.replace(/^v/, '') || '1'}`} problem={problem} />
        <FormField label="Upstream" name="upstream" type="url" defaultValue={chosen ? '' : found.servers.find((server) => /^https?:/.test(server))} hint="Where calls are forwarded to. Empty keeps the upstream of an existing product." problem={problem} />
        <Submit doing="Publishing" name="intent" value="publish">Publish version</Submit>
      </Form>
      <Table caption="Operations in the document" visibleCaption rows={found.operations.slice(0, 200)} keyOf={({ slug: name }) => name} columns={[
        { header: 'Method', cell: ({ method }) => <Method name={method} /> },
        { header: 'Path', cell: ({ path }) => <code className="text-sm break-all">{path}</code> },
        { header: 'Summary', cell: ({ summary }) => summary },
      ]} />
      {found.operations.length > 200 && <p className="text-muted">And {found.operations.length - 200} more.</p>}
    </div>
  );
}
