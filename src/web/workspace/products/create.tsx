import { Form, redirect, useActionData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { act, load, refusal, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField, SelectField, TextArea } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

const words = texts.workspaceProducts;

export const loader = load(async ({ member, rights, web }) => {
  const { role } = await member();
  if (!(await rights()).includes('products.change')) throw refusal('role_forbids', texts.workspace.roleForbids(role), web);
  return null;
});

export const action = act(async ({ form, services, member }) => {
  const name = text(form, 'name');
  const product = await services.products.create(await member(), {
    slug: text(form, 'slug'), ...(name && { name }), description: text(form, 'description'), upstream: text(form, 'upstream'), access: text(form, 'access') === 'private' ? 'private' : 'public',
  });
  throw redirect(`/workspace/products/${product.slug}`, { headers: { 'set-cookie': flashCookie(words.created(product.name)) } });
});

export default function CreateProduct() {
  const problem = useActionData<typeof action>()?.problem;
  return (
    <div className="max-w-xl space-y-6">
      <title>{words.createTitle}</title>
      <BackLink to="/workspace/products">{words.title}</BackLink>
      <div className="space-y-2"><h1 className="text-2xl">{words.createTitle}</h1><p className="text-muted">{words.createIntro}</p></div>
      <ProblemNotice problem={problem} fields={['slug', 'name', 'description', 'upstream', 'access']} />
      <Form method="post" className="space-y-4">
        <FormField label={words.address} name="slug" required hint={words.addressHint} problem={problem} />
        <FormField label={words.name} name="name" problem={problem} />
        <TextArea label={words.description} name="description" hint={words.descriptionHint} problem={problem} />
        <FormField label={words.upstream} name="upstream" type="url" required hint={words.upstreamHint} problem={problem} />
        <SelectField label={words.access} name="access" problem={problem}><option value="public">{words.accessWords.public}</option><option value="private">{words.accessWords.private}</option></SelectField>
        <Submit doing={words.creating}>{words.create}</Submit>
      </Form>
    </div>
  );
}
