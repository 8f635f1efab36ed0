import { Form, useActionData, useLoaderData } from 'react-router';
import { AppError } from '../../../errors.ts';
import { newOnce } from '../../once.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { formatTime } from '../../ui/format-time.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { KeyOnce } from '../../ui/key-once.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { KeyActions, Overlap } from './key-actions.tsx';
import { revokeKey, rollKey, type KeyDone } from './key-changes.server.ts';
import { answerForm, readShownOperations, restrictionsOf, valuesOfForm, valuesOfKey } from './key-form.server.ts';
import { KeyFields } from './key-fields.tsx';
import { addressWords, EndLine, KeyBadges, scopeWords } from './key-row.tsx';
import { useOnce } from './use-once.ts';

export const loader = load(async ({ services, developer, params, url }) => {
  const actor = await developer();
  const key = await services.keys.get(actor, params['id']!);
  return { key, present: valuesOfKey(key), operations: await readShownOperations(services, actor, key.state === 'revoked' ? [] : key.products, url), once: newOnce() };
});

export const action = act(async ({ form, services, developer, params, web }) => {
  const actor = await developer();
  const id = params['id']!;
  if (form.get('intent') === 'roll') return rollKey(services, actor, form, id);
  if (form.get('intent') === 'revoke') return revokeKey(services, actor, text(form, 'id'));
  const values = valuesOfForm(form);
  return answerForm(values, web.requestId, async (): Promise<KeyDone> => {
    const { restrictions: { scopes, addresses, expiresAt }, errors } = restrictionsOf(values, Date.now());
    if (errors.length > 0) throw new AppError('input_invalid', words.badDate, { errors });
    const { unconfirmed } = await services.keys.update(actor, { id, name: values.name, scopes, addresses, ...(expiresAt !== undefined && { expiresAt }) });
    return { done: unconfirmed.length === 0 ? words.saved : words.savedPartly };
  });
});

const words = texts.dashboard.keys;

export default function Key() {
  const { key, present, operations, once } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  const done = result && !result.problem ? (result as KeyDone) : undefined;
  const number = useOnce(once, done?.made?.key);
  const values = result && 'values' in result ? result.values : present;
  return (
    <div className="space-y-8">
      <title>{key.name}</title>
      <BackLink to="/dashboard/keys">{words.backToKeys}</BackLink>
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0 space-y-1">
          <h1 className="flex flex-wrap items-center gap-2 text-2xl"><span className="min-w-0 break-words">{key.name}</span><KeyBadges value={key} /></h1>
          <p><code className="break-all">{key.masked}</code> <span className="text-muted">{words.opens(key.products.join(', ') || words.nothing)}</span></p>
        </div>
        {key.state === 'active' && <div className="flex flex-wrap gap-2"><KeyActions value={key} once={number} /></div>}
      </div>
      <ProblemNotice problem={result?.problem} fields={['name', 'lastDay']} />
      {done?.made && <KeyOnce title={words.made(done.made.name)} value={done.made.key} note={done.made.note} />}
      {done?.done && <Notice tone="good" title={done.done} role="status" />}
      <Overlap value={key} />
      <dl className="space-y-1">
        <div className="flex flex-wrap gap-x-2"><dt className="text-muted">{words.lastUsed}</dt><dd>{key.lastUsedAt === null ? words.never : <Time ms={key.lastUsedAt} />}</dd></div>
        <EndLine value={key} />
        <div className="flex flex-wrap gap-x-2"><dt className="text-muted">{words.id}</dt><dd><code className="break-all">{key.id}</code></dd></div>
        <div className="flex flex-wrap gap-x-2"><dt className="text-muted">{words.createdBy}</dt><dd><span className="break-all">{key.developerEmail}</span>, <Time ms={key.createdAt} /></dd></div>
        <div className="flex flex-wrap gap-x-2"><dt className="text-muted">{words.restrictions}</dt><dd className="break-all">{scopeWords(key)}; {addressWords(key)}</dd></div>
        <div className="flex flex-wrap gap-x-4 pt-1"><dt className="sr-only">{words.facts}</dt><dd><TextLink to={`/dashboard/usage?key=${key.id}&by=operation`}>{words.usage}</TextLink></dd><dd><TextLink to={`/dashboard/requests?key=${key.id}`}>{words.requests}</TextLink></dd></div>
      </dl>
      {key.state !== 'revoked' && (
        <Form method="post" className="space-y-6 border-t pt-6" key={JSON.stringify(present)}>
          <div className="max-w-md"><FormField label={words.name} name="name" maxLength={60} required defaultValue={values.name} problem={result?.problem} /></div>
          <KeyFields values={values} operations={operations} problem={result?.problem} {...(key.expiresAt !== null && { keep: formatTime(key.expiresAt) })} />
          <Submit doing={words.saving} name="intent" value="update">{words.save}</Submit>
        </Form>
      )}
    </div>
  );
}
