import { Form } from 'react-router';
import type { ProductFacts } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { formatCount } from '../../ui/number.ts';

const words = texts.workspaceProducts;

export function ProductRemoval({ facts }: { facts: ProductFacts }) {
  return (
    <section className="flex flex-wrap items-center justify-between gap-3 border-t pt-6">
      <h2 id="remove" className="text-lg">{words.removeHeading}</h2>
      {facts.subscriptions > 0 ? <p className="text-muted">{words.notRemovable(formatCount(facts.subscriptions))}</p> : (
        <Confirm verb={words.remove}>
          <Form method="post" className="space-y-3"><p>{words.removeLost(facts.name)}</p><Submit kind="danger" doing={words.removing} name="intent" value="remove">{words.remove}</Submit></Form>
        </Confirm>
      )}
    </section>
  );
}
