import { Form, useActionData, useLoaderData } from 'react-router';
import { act, load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { FormField, SelectField, TextArea } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { presentDraft, startSimulation, usualWindow } from './start.server.ts';

const words = texts.simulator;

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const products = (await services.products.list(actor)).map(({ slug, name }) => ({ slug, name }));
  const product = products.find(({ slug }) => slug === url.searchParams.get('product'))?.slug ?? products[0]?.slug ?? null;
  const draft = product === null ? null : await presentDraft(services, actor, product);
  return { products, product, draft, window: usualWindow(Date.now()) };
});

export const action = act(startSimulation);

export default function NewSimulation() {
  const { products, product, draft, window } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <div className="max-w-4xl space-y-8">
      <title>{words.title}</title>
      <div className="space-y-1"><h1 className="text-2xl">{words.title}</h1><p className="max-w-[70ch] text-muted">{words.lead}</p></div>
      {products.length > 1 && <FilterBar names={['product']}><SelectField label={words.product} name="product" defaultValue={product ?? ''} key={product}>{products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField></FilterBar>}
      <ProblemNotice problem={problem} fields={['from', 'to', 'rise']} />
      {draft === null ? <EmptyState title={words.noPlans}>{product === null ? words.noProduct : <TextLink to={`/workspace/products/${product}/plans/new`}>{words.addPlan}</TextLink>}</EmptyState> : (
        <Form method="post" action={`?product=${encodeURIComponent(product!)}`} key={product} className="space-y-6">
          <TextArea label={words.draft} name="draft" code rows={24} spellCheck={false} autoCapitalize="none" wrap="off" hint={words.draftHint} defaultValue={draft} problem={problem} required />
          <div className="grid gap-4 sm:grid-cols-3">
            <FormField label={words.from} name="from" type="date" defaultValue={window.from} problem={problem} required />
            <FormField label={words.to} name="to" type="date" hint={words.windowHint} defaultValue={lastDay(window.to)} problem={problem} required />
            <FormField label={words.rise} name="rise" type="number" min={0} max={10_000} step={0.1} hint={words.riseHint} defaultValue="20" problem={problem} required />
          </div>
          <Submit doing={words.starting}>{words.start}</Submit>
          <p className="max-w-[70ch] text-sm text-muted">{words.changesNothing}</p>
        </Form>
      )}
    </div>
  );
}

function lastDay(end: string): string {
  return new Date(Date.parse(end) - 86_400_000).toISOString().slice(0, 10);
}
