import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import type { PlanRequest, PlanRequestSort } from '../../control/services.ts';
import { flashCookie } from '../flash.server.ts';
import { act, load, text } from '../page.server.ts';
import { texts } from '../texts.ts';
import { Submit } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { SelectField, TextArea } from '../ui/form-field.tsx';
import { formatCount } from '../ui/number.ts';
import { Paging } from '../ui/paging.tsx';
import { ProblemNotice } from '../ui/problem-notice.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Time } from '../ui/time.tsx';
import { useMay } from './use-may.ts';

const words = texts.workspacePlans;
const pageSize = 50;
const sorts = ['asked', '-asked', 'consumer', '-consumer', 'plan', '-plan', 'calls', '-calls'] as const satisfies readonly PlanRequestSort[];

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const value = (name: string): string | undefined => url.searchParams.get(name) || undefined;
  const [{ requests, nextCursor }, products] = await Promise.all([
    services.plans.listRequests(actor, { productSlug: value('product'), sort: sorts.find((sort) => sort === value('sort')), cursor: value('cursor'), limit: pageSize }),
    services.products.list(actor),
  ]);
  return { rows: requests, nextCursor, product: value('product') ?? '', products: products.map(({ slug, name }) => ({ slug, name })) };
});

export const action = act(async ({ form, services, member, url }) => {
  const approve = form.get('intent') === 'approve';
  const message = text(form, 'message');
  await services.plans.decide(await member(), { subscriptionId: text(form, 'subscription'), approve, ...(message && { message }) });
  const [consumer, plan] = [text(form, 'consumer'), text(form, 'plan')];
  throw redirect(`${url.pathname}${url.search}`, { headers: { 'set-cookie': flashCookie(approve ? words.approved(consumer, plan) : words.declined(consumer)) } });
});

export default function Approvals() {
  const { rows, nextCursor, product, products } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayDecide = useMay('consumers.change');
  return (
    <div className="space-y-6">
      <title>{words.approvals}</title>
      <div className="space-y-1"><h1 className="text-2xl">{words.approvals}</h1><p className="text-muted">{words.approvalsIntro}</p></div>
      <ProblemNotice problem={problem} />
      {(products.length > 1 || product !== '') && (
        <FilterBar names={['product']}>
          <SelectField label={words.product} name="product" defaultValue={product}><option value="">{words.allProducts}</option>{products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
        </FilterBar>
      )}
      <DataTable caption={words.approvals} rows={rows} rowKey={({ subscriptionId }) => subscriptionId} sort="asked" empty={<EmptyState title={product === '' ? words.noApprovals : words.noMatch}>{words.noApprovalsHint}</EmptyState>} columns={[
        { key: 'consumer', header: words.consumer, sortable: true, cell: (row) => <TextLink to={`/workspace/consumers/${row.consumerId}`}>{row.consumerName}</TextLink> },
        { key: 'plan', header: words.asksFor, sortable: true, cell: (row) => <><TextLink to={`/workspace/products/${row.productSlug}/plans/${row.planSlug}`}>{row.planName}</TextLink><span className="block text-sm text-muted">{row.productName}</span></> },
        { key: 'presentPlan', header: words.presentPlan, cell: (row) => row.presentPlan ?? <span className="text-notice">{words.noPresentPlan}</span> },
        { key: 'asked', header: words.askedAt, sortable: true, cell: (row) => <Time ms={row.requestedAt} /> },
        { key: 'requestedBy', header: words.askedBy, from: 'lg', cell: (row) => <span className="break-all">{row.requestedBy}</span> },
        { key: 'calls', header: words.calls30d, align: 'right', sortable: true, cell: (row) => formatCount(row.calls30d) },
        { key: 'callsEver', header: words.callsEver, align: 'right', from: 'md', cell: (row) => formatCount(row.callsEver) },
        ...(mayDecide ? [{ key: 'decide', header: <span className="sr-only">{words.decide}</span>, cell: (row: PlanRequest) => <Decision request={row} /> }] : []),
      ]} />
      <Paging nextCursor={nextCursor} words={words.approvalPages} />
    </div>
  );
}

function Decision({ request }: { request: PlanRequest }) {
  return (
    <Dialog trigger={words.decide} title={words.decideTitle(request.consumerName, request.planName)} description={<><p>{words.approveMeaning(request.planName)}</p><p>{words.declineMeaning(request.presentPlan)}</p></>}>
      <Form method="post" className="space-y-4">
        <input type="hidden" name="subscription" value={request.subscriptionId} />
        <input type="hidden" name="consumer" value={request.consumerName} />
        <input type="hidden" name="plan" value={request.planName} />
        <TextArea label={words.message} name="message" id={`message-${request.subscriptionId}`} maxLength={2_000} hint={words.messageHint} />
        <div className="flex flex-wrap gap-2"><Submit doing={words.approving} name="intent" value="approve">{words.approve}</Submit><Submit kind="danger" doing={words.declining} name="intent" value="decline">{words.decline}</Submit></div>
      </Form>
    </Dialog>
  );
}
