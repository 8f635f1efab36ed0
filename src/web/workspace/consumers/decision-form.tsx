import { Form } from 'react-router';
import { Submit } from '../../ui/button.tsx';

/** Approves or declines a plan that waits; posts to the page that it stands on. */
export function DecisionForm({ subscriptionId }: { subscriptionId: string }) {
  return (
    <Form method="post" className="flex flex-wrap gap-2 pt-1">
      <input type="hidden" name="subscription" value={subscriptionId} />
      <Submit doing="Approving" name="intent" value="approve">Approve</Submit>
      <Submit kind="plain" doing="Declining" name="intent" value="decline">Decline</Submit>
    </Form>
  );
}
