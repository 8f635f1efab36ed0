import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { act, load, refusal, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { ButtonLink, Submit } from '../../ui/button.tsx';
import { FormField, TextArea } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

const words = texts.workspaceProducts;

export const loader = load(async ({ services, member, rights, params, web }) => {
  const actor = await member();
  if (!(await rights()).includes('products.change')) throw refusal('role_forbids', texts.workspace.roleForbids(actor.role), web);
  return { facts: await services.products.facts(actor, params['product']!) };
});

export const action = act(async ({ form, services, member, params }) => {
  const slug = params['product']!;
  const { name } = await services.products.edit(await member(), { slug, name: text(form, 'name'), description: text(form, 'description'), upstream: text(form, 'upstream'), testUpstream: text(form, 'testUpstream') || null, editedFrom: Number(text(form, 'editedFrom')) });
  throw redirect(`/workspace/products/${slug}`, { headers: { 'set-cookie': flashCookie(words.saved(name)) } });
});

/** Also after a conflict: the next save is one of what the loader has read since. */
export const shouldRevalidate = () => true;

export default function EditProduct() {
  const { facts } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const back = `/workspace/products/${facts.slug}`;
  return (
    <div className="max-w-xl space-y-6">
      <title>{words.editTitle(facts.name)}</title>
      <BackLink to={back}>{facts.name}</BackLink>
      <h1 className="text-2xl">{words.editTitle(facts.name)}</h1>
      <ProblemNotice problem={problem} fields={['name', 'description', 'upstream', 'testUpstream']} />
      <Form method="post" className="space-y-4">
        <input type="hidden" name="editedFrom" value={facts.updatedAt} />
        <FormField label={words.name} name="name" required defaultValue={facts.name} problem={problem} />
        <TextArea label={words.description} name="description" rows={8} defaultValue={facts.description} hint={words.descriptionHint} problem={problem} />
        <FormField label={words.upstream} name="upstream" type="url" required defaultValue={facts.upstream} hint={words.upstreamHint} problem={problem} />
        <FormField label={words.testUpstream} name="testUpstream" defaultValue={facts.testUpstream ?? ''} hint={words.testUpstreamHint} problem={problem} />
        <div className="flex gap-2"><Submit doing={words.saving}>{words.save}</Submit><ButtonLink kind="plain" to={back}>{words.cancel}</ButtonLink></div>
      </Form>
    </div>
  );
}
