import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../flash.server.ts';
import { act, load, text } from '../page.server.ts';
import { texts } from '../texts.ts';
import { Submit } from '../ui/button.tsx';
import { FormField } from '../ui/form-field.tsx';
import { ProblemNotice } from '../ui/problem-notice.tsx';

const words = texts.members;

export const loader = load(async ({ member, web }) => {
  await member();
  const person = await web.person();
  return { email: person!.email, name: person!.name };
});

export const action = act(async ({ form, services, request, member }): Promise<{ problem?: undefined }> => {
  await member();
  if (form.get('intent') === 'password') {
    const { headers } = await services.accounts.changePassword({ current: String(form.get('current') ?? ''), password: String(form.get('password') ?? '') }, request);
    headers.append('set-cookie', flashCookie(words.passwordChanged));
    throw redirect('/workspace/account', { headers });
  }
  await services.accounts.changeName({ name: text(form, 'name') }, request);
  throw redirect('/workspace/account', { headers: { 'set-cookie': flashCookie(words.nameSaved) } });
});

export default function Account() {
  const { email, name } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <div className="max-w-md space-y-8">
      <title>{words.account}</title>
      <div className="space-y-1"><h1 className="text-2xl">{words.account}</h1><p className="text-muted">{words.accountLead}</p></div>
      <ProblemNotice problem={problem} fields={['name', 'current', 'password']} />
      <Form method="post" className="space-y-4">
        <FormField label={words.email} name="email" defaultValue={email} disabled />
        <FormField label={words.yourName} name="name" required maxLength={100} autoComplete="name" defaultValue={name} problem={problem} />
        <Submit doing={words.saving} name="intent" value="name">{words.saveName}</Submit>
      </Form>
      <Form method="post" className="space-y-4 border-t pt-6">
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <FormField label={words.currentPassword} name="current" type="password" required autoComplete="current-password" problem={problem} />
        <FormField label={words.newPassword} name="password" type="password" required minLength={10} autoComplete="new-password" hint={words.passwordHint} problem={problem} />
        <Submit kind="plain" doing={words.changingPassword} name="intent" value="password">{words.changePassword}</Submit>
      </Form>
    </div>
  );
}
