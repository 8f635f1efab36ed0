import { Form, useActionData, useLoaderData } from 'react-router';
import { newOnce } from '../../once.server.ts';
import { act, load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { KeyOnce } from '../../ui/key-once.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { createKey } from './key-changes.server.ts';
import { answerForm, readShownOperations, restrictionsOf, valuesOfForm } from './key-form.server.ts';
import { KeyFields } from './key-fields.tsx';
import { useOnce } from './use-once.ts';
import { AppError } from '../../../errors.ts';

export const loader = load(async ({ services, developer, url }) => {
  const actor = await developer();
  const products = await services.products.list(actor);
  const subscriptions = await services.plans.listSubscriptions(actor, { consumerId: actor.consumerId });
  const asked = url.searchParams.get('product');
  const chosen = asked === '' ? null : products.find(({ slug }) => slug === asked) ?? products[0] ?? null;
  const slugs = chosen ? [chosen.slug] : subscriptions.filter(({ state }) => state !== 'ended').map(({ productSlug }) => productSlug);
  return {
    products: products.map(({ slug, name }) => ({ slug, name })), product: chosen?.slug ?? '', testMode: chosen ? chosen.testMode : products.some(({ slug, testMode }) => slugs.includes(slug) && testMode),
    operations: await readShownOperations(services, actor, slugs, url), once: newOnce(),
  };
});

export const action = act(async ({ form, services, developer, web }) => {
  const actor = await developer();
  const values = valuesOfForm(form);
  return answerForm(values, web.requestId, async () => {
    const { restrictions: { scopes, addresses, expiresAt }, errors } = restrictionsOf(values, Date.now());
    if (errors.length > 0) throw new AppError('input_invalid', words.badDate, { errors });
    return createKey(services, actor, form, { ...(scopes && { scopes }), ...(addresses && { addresses }), ...(typeof expiresAt === 'number' && { expiresAt }) });
  });
});

const words = texts.dashboard.keys;
const empty = { name: '', scopes: [], addresses: '', expiry: 'never', lastDay: '' };

export default function NewKey() {
  const { products, product, testMode, operations, once } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  const made = result && 'made' in result ? result.made : undefined;
  const number = useOnce(once, made?.key);
  const values = result && 'values' in result ? result.values : empty;
  return (
    <div className="space-y-8">
      <title>{words.newTitle}</title>
      <BackLink to="/dashboard/keys">{words.backToKeys}</BackLink>
      <h1 className="text-2xl">{words.newTitle}</h1>
      <ProblemNotice problem={result?.problem} fields={['name', 'mode', 'lastDay']} />
      {made && <KeyOnce title={words.made(made.name)} value={made.key} note={made.note} />}
      <Form method="get" className="flex max-w-md flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1">
          <SelectField label={words.api} name="product" key={product} defaultValue={product}>
            {products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}
            <option value="">{words.allSubscriptions}</option>
          </SelectField>
        </div>
        <Submit kind="plain" doing={texts.ui.loading}>{words.chooseApi}</Submit>
      </Form>
      <Form method="post" className="space-y-6" key={`${number} ${product}`}>
        <input type="hidden" name="once" value={number} />
        <input type="hidden" name="product" value={product} />
        <div className="grid max-w-md gap-4 sm:grid-cols-[2fr_1fr]">
          <FormField label={words.name} name="name" maxLength={60} placeholder={words.namePlaceholder} defaultValue={values.name} problem={result?.problem} />
          <SelectField label={words.mode} name="mode" problem={result?.problem}>{testMode && <option value="test">{words.test}</option>}<option value="live">{words.live}</option></SelectField>
        </div>
        <KeyFields values={values} operations={operations} problem={result?.problem} />
        <Submit doing={words.creating} name="intent" value="create">{words.createButton}</Submit>
      </Form>
    </div>
  );
}
