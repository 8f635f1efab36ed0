import { Form } from 'react-router';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';

/** Approves or declines a plan that waits; posts to the page that it stands on. */
export function DecisionForm({ subscriptionId }: { subscriptionId: string }) {
  return (
    <Form method="post" className="flex flex-wrap gap-2 pt-1">
      <input type="hidden" name="subscription" value={subscriptionId} />
      <Submit doing={texts.decision.approving} name="intent" value="approve">{texts.decision.approve}</Submit>
      <Submit kind="plain" doing={texts.decision.declining} name="intent" value="decline">{texts.decision.decline}</Submit>
    </Form>
  );
}
