import { Form } from 'react-router';
import type { SubscriptionSummary } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/form-field.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';

const words = texts.workspaceConsumers;

/** `plans` by product slug: those that it could move to. */
export function SubscriptionTable({ subscriptions, plans }: { subscriptions: SubscriptionSummary[]; plans: Record<string, { slug: string; name: string }[]> }) {
  const mayChange = useMay('consumers.change');
  const others = (row: SubscriptionSummary) => (row.state === 'ended' ? [] : (plans[row.productSlug] ?? []).filter(({ slug }) => slug !== row.planSlug));
  return (
    <DataTable caption={words.subscriptions} rows={subscriptions} rowKey={({ id }) => id} empty={<p className="text-muted">{words.noSubscriptions}</p>} columns={[
      { key: 'api', header: words.api, cell: (row) => <TextLink to={`/workspace/products/${row.productSlug}`}>{row.productName}</TextLink> },
      { key: 'plan', header: words.plan, cell: (row) => row.planName },
      { key: 'state', header: words.state, cell: (row) => <Badge tone={row.state === 'active' ? 'good' : row.state === 'ended' ? 'quiet' : 'notice'}>{row.state}</Badge> },
      { key: 'since', header: words.sinceColumn, from: 'sm', cell: (row) => <Time ms={row.createdAt} day /> },
      ...(mayChange ? [{ key: 'change', header: <span className="sr-only">{words.changePlan}</span>, align: 'right' as const, cell: (row: SubscriptionSummary) => others(row).length > 0 && <ChangePlan subscription={row} plans={others(row)} /> }] : []),
    ]} />
  );
}

function ChangePlan({ subscription, plans }: { subscription: SubscriptionSummary; plans: { slug: string; name: string }[] }) {
  return (
    <Dialog kind="quiet" trigger={words.changePlan} title={`${words.changePlan}: ${subscription.productName}`} description={words.changePlanHint}>
      <Form method="post" className="space-y-4 text-left">
        <input type="hidden" name="product" value={subscription.productSlug} />
        <SelectField label={words.plan} name="plan" id={`plan-${subscription.id}`}>{plans.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
        <Submit doing={words.moving} name="intent" value="move">{words.changePlanDo}</Submit>
      </Form>
    </Dialog>
  );
}
