import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { firstKeyCookies, wantedProduct } from '../../first-key.server.ts';
import { localPath } from '../../local-path.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { PasswordField } from './password-field.tsx';

const words = texts.account;
const start = '/start';

export const loader = load(async ({ url, services, web }) => {
  const next = nextOf(url);
  const person = await web.person();
  if (person) throw redirect(person.developer ? (next === start ? '/dashboard' : next) : '/own-account');
  const wanted = wantedProduct(next);
  const product = wanted === null ? undefined : (await services.products.list(undefined)).find(({ slug }) => slug === wanted);
  return { next, product: product?.name ?? null, email: url.searchParams.get('email') ?? '' };
});

export const action = act(async ({ form, services, request }) => {
  const next = localPath(text(form, 'next'), start);
  const { headers, person } = await services.accounts.signUp({ email: text(form, 'email'), password: String(form.get('password') ?? ''), next }, request);
  for (const [name, value] of await firstKeyCookies(services, person, wantedProduct(next))) headers.append(name, value);
  throw redirect(next, { headers });
});

/** Where to go after: the page that was asked for, or the first call, to the product that the visitor comes from. */
function nextOf(url: URL): string {
  const product = url.searchParams.get('product');
  return localPath(url.searchParams.get('next'), product === null ? start : `${start}?product=${encodeURIComponent(product)}`);
}

export default function SignUp() {
  const { next, product, email } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <AuthCard
      title={product === null ? words.signUp.title : words.signUp.titleFor(product)}
      lead={words.signUp.lead}
      below={<p>{words.signUp.known} <TextLink to={next === start ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`}>{words.signIn.title}</TextLink></p>}
    >
      <ProblemNotice problem={problem} fields={['email', 'password']} />
      <Form method="post" className="space-y-4">
        <input type="hidden" name="next" value={next} />
        <FormField label={words.email} name="email" type="email" autoComplete="email" required defaultValue={email} problem={problem} />
        <PasswordField isNew required problem={problem} />
        <Submit doing={words.signUp.doing}>{words.signUp.submit}</Submit>
      </Form>
    </AuthCard>
  );
}
