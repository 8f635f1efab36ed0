import { Link, useLoaderData } from 'react-router';
import { load } from '../page.server.ts';
import { Badge } from '../ui/badge.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { curlOf } from '../ui/curl.ts';
import { EmptyState } from '../ui/empty-state.tsx';

export const loader = load(async ({ services, viewer }) => {
  const actor = await viewer();
  const [portal, products] = await Promise.all([services.configuration.portal(), services.products.list(actor)]);
  const first = products.find((product) => product.currentVersion !== null);
  const page = first ? await services.products.get(actor, first.slug) : undefined;
  const call = page?.quickstart ? { product: page.name, slug: page.slug, curl: curlOf(page.baseUrls[page.quickstart.version] ?? portal.gatewayUrl, page.quickstart.sample, `${portal.keyPrefix}_${page.testMode ? 'test' : 'live'}_YOUR_KEY`) } : null;
  return { name: portal.name, products, call, signedIn: actor !== undefined };
});

export default function Home() {
  const { name, products, call, signedIn } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-14">
      <title>{name}</title>
      <section className="grid items-center gap-8 pt-6 lg:grid-cols-[5fr_6fr]">
        <div className="space-y-5">
          <h1 className="text-2xl sm:text-3xl">Build on {name === '' ? 'these APIs' : name}</h1>
          <p className="max-w-[52ch] text-lg text-muted">Sign up with an e-mail address, and your key is on the next page. The first call takes one line in a terminal.</p>
          <div className="flex flex-wrap gap-3">
            <ButtonLink to={signedIn ? '/dashboard/keys' : '/sign-up'}>{signedIn ? 'Your keys' : 'Get a key'}</ButtonLink>
            {call && <ButtonLink kind="plain" to={`/${call.slug}`}>Read about {call.product}</ButtonLink>}
          </div>
        </div>
        {call && <CodeBlock label="A call, as you paste it" code={call.curl} />}
      </section>
      <section aria-labelledby="products" className="space-y-4">
        <h2 id="products" className="text-xl">APIs</h2>
        {products.length === 0 ? (
          <EmptyState title="No API is published yet">The producer publishes one from the workspace, or with <code>portico apply</code>.</EmptyState>
        ) : (
          <ul className="grid gap-x-10 md:grid-cols-2">
            {products.map((product) => (
              <li key={product.id} className="border-t py-4">
                <div className="flex flex-wrap items-center gap-2">
                  <Link to={`/${product.slug}`} className="text-lg font-semibold text-accent hover:underline">{product.name}</Link>
                  {product.currentVersion && <Badge>{product.currentVersion}</Badge>}
                  {product.testMode && <Badge>test mode</Badge>}
                  {product.access === 'private' && <Badge tone="notice">private</Badge>}
                </div>
                {product.description && <p className="mt-1 max-w-[65ch] text-muted">{product.description}</p>}
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}
