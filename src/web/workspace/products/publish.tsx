import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { act, load, refusal, text } from '../../page.server.ts';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Inspection, type Inspected } from './inspection.tsx';

const fileBytesMax = 25_000_000;

export const loader = load(async ({ services, member, rights, web, url }) => {
  const actor = await member();
  if (!(await rights()).includes('products.change')) throw refusal('role_forbids', `Your role is ${actor.role}, which may not publish. Ask an owner for another role.`, web);
  const products = await services.products.list(actor);
  return { products: products.map(({ slug, name }) => ({ slug, name })), chosen: url.searchParams.get('product') ?? '' };
});

export const action = act(async ({ form, services, member }): Promise<{ inspected?: Inspected; problem?: undefined }> => {
  const actor = await member();
  if (form.get('intent') === 'publish') {
    const name = text(form, 'name');
    const upstream = text(form, 'upstream');
    const slug = text(form, 'slug');
    await services.products.publish(actor, {
      slug, version: text(form, 'version'), fileName: text(form, 'fileName'), text: String(form.get('document') ?? ''),
      ...(name && { name }), ...(upstream && { upstream }),
    });
    throw redirect(`/workspace/products/${slug}`);
  }
  const file = form.get('file');
  if (!(file instanceof File) || file.size === 0) return { inspected: { fileName: '', problems: [{ detail: 'Choose a file first.' }], found: null } };
  if (file.size > fileBytesMax) return { inspected: { fileName: file.name, problems: [{ detail: `The file has ${file.size} bytes; at most ${fileBytesMax} are read here. Use portico apply for larger ones.` }], found: null } };
  const source = { fileName: file.name, text: await file.text() };
  const { problems, ...found } = await services.products.inspectDocument(actor, source);
  return { inspected: { fileName: file.name, problems, found: problems.length > 0 ? null : { ...found, document: source.text } } };
});

export default function Publish() {
  const { products, chosen } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  const inspected = result && 'inspected' in result ? result.inspected : undefined;
  return (
    <div className="max-w-3xl space-y-8">
      <title>Publish from a file</title>
      <p><TextLink to="/workspace/products">Products</TextLink></p>
      <div className="space-y-2">
        <h1 className="text-2xl">Publish from an OpenAPI document</h1>
        <p className="text-muted">OpenAPI 3.0, 3.1 or 3.2, JSON or YAML, in one file. You see what it holds before anything changes.</p>
      </div>
      <ProblemNotice problem={result?.problem} fields={['slug', 'name', 'upstream', 'version']} />
      <Form method="post" encType="multipart/form-data" className="flex flex-wrap items-end gap-3">
        <FormField label="OpenAPI document" name="file" type="file" accept=".json,.yaml,.yml,application/json,application/yaml" required />
        <Submit kind={inspected?.found ? 'plain' : 'primary'} doing="Reading the document" name="intent" value="inspect">Check the document</Submit>
      </Form>
      {inspected && <Inspection inspected={inspected} products={products} chosen={chosen} problem={result?.problem} />}
    </div>
  );
}
