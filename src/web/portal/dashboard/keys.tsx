import { Form, useActionData, useLoaderData } from 'react-router';
import { newOnce, runOnce } from '../../once.server.ts';
import { act, load, text } from '../../page.server.ts';
import { Submit } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { KeyOnce } from '../../ui/key-once.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { formatTime } from '../../ui/format-time.ts';
import { KeyRow } from './key-row.tsx';

export const loader = load(async ({ services, developer, url }) => {
  const actor = await developer();
  const cursor = url.searchParams.get('cursor');
  const [{ keys, nextCursor }, products] = await Promise.all([
    services.keys.list(actor, { consumerId: actor.consumerId, limit: 50, ...(cursor && { cursor }) }),
    services.products.list(actor),
  ]);
  return { keys, nextCursor, products: products.map(({ slug, name, testMode }) => ({ slug, name, testMode })), once: newOnce() };
});

interface Done { made?: { key: string; name: string; note?: string }; done?: string; problem?: undefined }

export const action = act(async ({ form, services, developer }): Promise<Done> => {
  const actor = await developer();
  const id = text(form, 'id');
  switch (form.get('intent')) {
    case 'create': {
      const productSlug = text(form, 'product');
      const input = { consumerId: actor.consumerId, name: text(form, 'name') || 'Unnamed', mode: form.get('mode') === 'live' ? 'live' as const : 'test' as const, ...(productSlug && { productSlug }) };
      const { key, summary, unconfirmed } = await runOnce(actor.developerId, text(form, 'once'), () => services.keys.create(actor, input));
      return { made: { key, name: summary.name, ...(unconfirmed.length > 0 && { note: 'A gateway has not confirmed it yet. It works there as soon as the gateway is connected again.' }) } };
    }
    case 'rename': {
      const { name } = await services.keys.rename(actor, { id, name: text(form, 'name') });
      return { done: `The key is now called ${name}.` };
    }
    case 'roll': {
      const { key, summary, previousExpiresAt } = await runOnce(actor.developerId, text(form, 'once'), () => services.keys.roll(actor, { id, overlapMs: Number(text(form, 'overlap')) || 0 }));
      return { made: { key, name: summary.name, note: `The previous key works until ${formatTime(previousExpiresAt, { seconds: true })}.` } };
    }
    default: {
      const { masked, unconfirmed } = await services.keys.revoke(actor, { id });
      return { done: unconfirmed.length === 0 ? `${masked} was revoked. It is refused everywhere from now on.` : `${masked} was revoked. ${unconfirmed.length} gateway(s) that are cut off learn of it when they are connected again.` };
    }
  }
});

export default function Keys() {
  const { keys, nextCursor, products, once } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>() as (Done | { problem: NonNullable<Parameters<typeof ProblemNotice>[0]['problem']> }) | undefined;
  const done = result && 'problem' in result && result.problem ? undefined : (result as Done | undefined);
  return (
    <div className="space-y-8">
      <title>Keys</title>
      <h1 className="text-2xl">Keys</h1>
      <ProblemNotice problem={result?.problem} fields={['name', 'mode', 'product']} />
      {done?.made && <KeyOnce title={`Your key ${done.made.name}`} value={done.made.key} note={done.made.note} />}
      {done?.done && <Notice tone="good" title={done.done} role="status" />}
      {keys.length === 0 ? <EmptyState title="No keys yet">Create one below. It works at once.</EmptyState> : <ul>{keys.map((key) => <KeyRow key={key.id} value={key} once={once} />)}</ul>}
      {nextCursor && <a className="text-accent underline" href={`?cursor=${encodeURIComponent(nextCursor)}`}>Older keys</a>}
      <section aria-labelledby="create" className="max-w-md space-y-3 border-t pt-6">
        <h2 id="create" className="text-xl">Create a key</h2>
        <Form method="post" className="space-y-4" key={once}>
          <input type="hidden" name="once" value={once} />
          <FormField label="Name" name="name" maxLength={60} placeholder="Backend, staging" hint="Where the key is used, so that you know it later." problem={result?.problem} />
          <SelectField label="API" name="product" hint="A key opens one API, or all that you are subscribed to." problem={result?.problem}>
            {products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}
            <option value="">All subscriptions</option>
          </SelectField>
          <SelectField label="Mode" name="mode" hint="Test calls are never billed." problem={result?.problem}>
            {products.some(({ testMode }) => testMode) && <option value="test">test</option>}
            <option value="live">live</option>
          </SelectField>
          <Submit doing="Creating the key" name="intent" value="create">Create key</Submit>
        </Form>
      </section>
    </div>
  );
}
