import { redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { renderMarkdown } from '../../markdown.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Prose } from '../../ui/prose.tsx';
import { useMay } from '../use-may.ts';
import { ProductAccess } from './product-access.tsx';
import { ProductPolicies } from './product-policies.tsx';
import { ProductPlans } from './product-plans.tsx';
import { ProductRemoval } from './product-removal.tsx';
import { ProductUpstreams } from './product-upstreams.tsx';
import { ProductVersions } from './product-versions.tsx';

const words = texts.workspaceProducts;

export const loader = load(async ({ services, member, params, url }) => {
  const actor = await member();
  const slug = params['product']!;
  const cursor = url.searchParams.get('cursor');
  const [product, facts, plans, invitations] = await Promise.all([
    services.products.get(actor, slug), services.products.facts(actor, slug), services.plans.listDetails(actor, slug), services.products.listInvitations(actor, { slug, limit: 50, ...(cursor && { cursor }) }),
  ]);
  const { name, versions, access, layer } = product;
  return { product: { slug, name, versions, access, layer }, about: renderMarkdown(facts.description), facts, plans, invitations };
});

export const action = act(async ({ form, services, member, params }) => {
  const actor = await member();
  const slug = params['product']!;
  const done = (said: string, to = `/workspace/products/${slug}`) => redirect(to, { headers: { 'set-cookie': flashCookie(said) } });
  switch (form.get('intent')) {
    case 'check':
      return { checks: await services.products.checkUpstream(actor, { slug }) };
    case 'public':
    case 'private': {
      const { name } = await services.products.edit(actor, { slug, access: form.get('intent') as 'public' | 'private' });
      throw done(words.saved(name));
    }
    case 'invite': {
      const { email } = await services.products.invite(actor, { slug, email: text(form, 'email') });
      throw done(words.invited(email));
    }
    case 'withdraw':
      await services.products.withdrawInvitation(actor, { slug, id: text(form, 'id') });
      throw done(words.withdrawn(text(form, 'invited')));
    case 'order':
      await services.plans.order(actor, { productSlug: slug, planSlugs: text(form, 'order').split(' ') });
      throw redirect(`/workspace/products/${slug}#plans`);
    default: {
      const { name } = await services.products.facts(actor, slug);
      await services.products.remove(actor, { slug });
      throw done(words.removed(name), '/workspace/products');
    }
  }
});

export default function ProductDetail() {
  const { product, about, facts, plans, invitations } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  const mayChange = useMay('products.change');
  return (
    <div className="space-y-10">
      <title>{product.name}</title>
      <div className="space-y-3">
        <BackLink to="/workspace/products">{words.title}</BackLink>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h1 className="flex flex-wrap items-center gap-2 text-2xl">{product.name}{product.layer && <Badge>{product.layer}</Badge>}<Badge tone={product.access === 'private' ? 'notice' : 'quiet'}>{words.accessWords[product.access]}</Badge></h1>
          <div className="flex flex-wrap gap-2">
            <ButtonLink kind="plain" to={`/${product.slug}`}>{words.inPortal}</ButtonLink>
            {mayChange && <><ButtonLink kind="plain" to="edit">{words.edit}</ButtonLink><ButtonLink to={`/workspace/products/publish?product=${product.slug}`}>{words.publishVersion}</ButtonLink></>}
          </div>
        </div>
        {about !== '' && <Prose html={about} />}
      </div>
      <ProblemNotice problem={result && 'problem' in result ? result.problem : undefined} fields={['email']} />
      <ProductVersions slug={product.slug} versions={product.versions} />
      <ProductPlans plans={plans} />
      <ProductUpstreams facts={facts} checks={result && 'checks' in result ? result.checks : undefined} />
      <ProductPolicies policies={facts.policies} />
      <ProductAccess facts={facts} invitations={invitations.invitations} nextCursor={invitations.nextCursor} problem={result && 'problem' in result ? result.problem : undefined} />
      {mayChange && <ProductRemoval facts={facts} />}
    </div>
  );
}
