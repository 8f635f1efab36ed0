import { Link, useLoaderData } from 'react-router';
import type { Actor, Services } from '../../control/services.ts';
import { load } from '../page.server.ts';
import { Badge } from '../ui/badge.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { curlOf } from '../ui/curl.ts';
import { exampleText } from '../ui/example-text.ts';
import { EmptyState } from '../ui/empty-state.tsx';

export const loader = load(async ({ services, viewer }) => {
  const actor = await viewer();
  const [portal, products] = await Promise.all([services.configuration.portal(), services.products.list(actor)]);
  const first = products.find((product) => product.currentVersion !== null);
  return { name: portal.name, products, call: first ? await readCall(services, actor, first.slug, portal.keyPrefix) : null, signedIn: actor !== undefined };
});

/** The quickstart of a product with the answer that its contract gives as example. */
async function readCall(services: Services, actor: Actor | undefined, slug: string, keyPrefix: string) {
  const { name, quickstart, baseUrls, testMode } = await services.products.get(actor, slug);
  if (!quickstart) return null;
  const { responses } = await services.products.getOperation(actor, slug, quickstart.version, quickstart.operation.slug);
  return {
    slug, product: name,
    curl: curlOf(baseUrls[quickstart.version] ?? '', quickstart.sample, `${keyPrefix}_${testMode ? 'test' : 'live'}_YOUR_KEY`),
    answer: exampleText(responses.find(({ status }) => status.startsWith('2'))?.content[0]?.example, 14),
  };
}

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
        {call && (
          <div className="min-w-0 space-y-3">
            <CodeBlock label="A call" code={call.curl} />
            {call.answer && <CodeBlock label="Its answer, from the example in the contract" code={call.answer} copy={false} />}
          </div>
        )}
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
