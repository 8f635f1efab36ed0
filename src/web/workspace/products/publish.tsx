import { data, Form, redirect, useActionData, useLoaderData } from 'react-router';
import { isAppError } from '../../../errors.ts';
import { flashCookie } from '../../flash.server.ts';
import { act, load, problemWith, refusal, text, type Page, type Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { formatCount } from '../../ui/number.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { excerptOf } from './excerpt.ts';
import { Inspection, type Inspected, type Replacement } from './inspection.tsx';

const words = texts.workspaceProducts;
const fileBytesMax = 25_000_000;

export const loader = load(async ({ services, member, rights, web, url }) => {
  const actor = await member();
  if (!(await rights()).includes('products.change')) throw refusal('role_forbids', texts.workspace.roleForbids(actor.role), web);
  const products = await services.products.list(actor);
  return { products: products.map(({ slug, name }) => ({ slug, name })), chosen: url.searchParams.get('product') ?? '', version: url.searchParams.get('version') ?? '' };
});

interface Outcome { inspected?: Inspected; problem?: Problem; replacement?: Replacement }

export const action = act(async (page): Promise<Outcome | ReturnType<typeof data<Outcome>>> => {
  const { form } = page;
  const intent = text(form, 'intent');
  if (intent !== 'inspect') return publish(page, intent);
  const file = form.get('file');
  if (!(file instanceof File) || file.size === 0) return { inspected: { fileName: '', problems: [{ detail: words.chooseFile, excerpt: [] }], found: null } };
  if (file.size > fileBytesMax) return { inspected: { fileName: file.name, problems: [{ detail: words.tooLarge(formatCount(file.size), formatCount(fileBytesMax)), excerpt: [] }], found: null } };
  return { inspected: await inspect(page, { fileName: file.name, text: await file.text() }) };
});

async function inspect({ services, member }: Page, source: { fileName: string; text: string }): Promise<Inspected> {
  const { problems, ...found } = await services.products.inspectDocument(await member(), source);
  return { fileName: source.fileName, problems: problems.map((place) => ({ ...place, excerpt: excerptOf(source.text, place.line, place.column) })), found: problems.length > 0 ? null : { ...found, document: source.text } };
}

/** What is published already is replaced only after its summary was seen; a mistake in the fields comes back with the document. */
async function publish(page: Page & { form: FormData }, intent: string): Promise<Outcome | ReturnType<typeof data<Outcome>>> {
  const { form, services, member, web } = page;
  const actor = await member();
  const [slug, version, name, upstream] = [text(form, 'slug'), text(form, 'version'), text(form, 'name'), text(form, 'upstream')];
  const source = { fileName: text(form, 'fileName'), text: String(form.get('document') ?? '') };
  const values = { slug, version, name, upstream };
  try {
    const existing = (await services.products.list(actor)).find((product) => product.slug === slug)?.versions.find((one) => one.name === version);
    if (existing && existing.status !== 'draft' && intent === 'publish') return { inspected: await inspect(page, source), replacement: { name: words.versionTitle(slug, version), values, comparison: await services.products.compareDocument(actor, { slug, version, ...source }) } };
    await services.products.publish(actor, { slug, version, ...source, draft: intent === 'draft', ...(name && { name }), ...(upstream && { upstream }) });
  } catch (error) {
    if (!isAppError(error) || error.status >= 500) throw error;
    const { code, message, errors, status } = error;
    return data({ inspected: await inspect(page, source), problem: { ...problemWith(code, message, errors, web), values } }, { status });
  }
  const title = words.versionTitle(slug, version);
  throw intent === 'draft'
    ? redirect(`/${slug}/${version}`, { headers: { 'set-cookie': flashCookie(words.drafted(title)) } })
    : redirect(`/workspace/products/${slug}`, { headers: { 'set-cookie': flashCookie(words.publishedNow(title)) } });
}

export default function Publish() {
  const { products, chosen, version } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>() as Outcome | undefined;
  const inspected = result?.inspected;
  return (
    <div className="max-w-3xl space-y-8">
      <title>{words.publishTitle}</title>
      <BackLink to={chosen ? `/workspace/products/${chosen}` : '/workspace/products'}>{chosen ? (products.find(({ slug }) => slug === chosen)?.name ?? words.title) : words.title}</BackLink>
      <div className="space-y-2"><h1 className="text-2xl">{words.publishTitle}</h1><p className="text-muted">{words.publishIntro}</p></div>
      <ProblemNotice problem={result?.problem} fields={['slug', 'name', 'upstream', 'version']} />
      <Form method="post" encType="multipart/form-data" className="flex flex-wrap items-end gap-3">
        <FormField label={words.document} name="file" type="file" accept=".json,.yaml,.yml,application/json,application/yaml" required />
        <Submit kind={inspected?.found ? 'plain' : 'primary'} doing={words.readingDocument} name="intent" value="inspect">{words.checkDocument}</Submit>
      </Form>
      {inspected && <Inspection inspected={inspected} products={products} chosen={chosen} version={version} problem={result?.problem} replacement={result?.replacement} />}
    </div>
  );
}
