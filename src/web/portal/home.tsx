import { Link, useLoaderData } from 'react-router';
import type { ProductSummary } from '../../control/services.ts';
import { load } from '../page.server.ts';
import { texts } from '../texts.ts';
import { Badge } from '../ui/badge.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ArrowRight } from '../ui/icon.ts';
import { readExampleCall } from './example-call.server.ts';
import { ExampleCall } from './example-call.tsx';
import { PageMeta, shortened } from './page-meta.tsx';
import { GuideList } from './products/guide-list.tsx';
import { Highlights } from './products/highlights.tsx';

const words = texts.home;

export const loader = load(async ({ services, viewer }) => {
  const actor = await viewer();
  const [portal, products] = await Promise.all([services.configuration.portal(), services.products.list(actor)]);
  const first = products.find((product) => product.currentVersion !== null);
  const product = first ? await services.products.get(actor, first.slug) : undefined;
  return {
    headline: portal.headline ?? words.headline(portal.name), name: portal.name, signedIn: actor !== undefined,
    products: products.map(({ slug, name, description, layer, access, testMode, currentVersion }) => ({ slug, name, description: shortened(description), layer, access, testMode, currentVersion })),
    first: product ? { slug: product.slug, name: product.name, highlights: product.highlights, guides: product.guides.slice(0, 3).map(({ slug, title, description }) => ({ slug, title, description })) } : null,
    call: product ? await readExampleCall(services, actor, product, portal.keyPrefix) : null,
  };
});

type Shown = Pick<ProductSummary, 'slug' | 'name' | 'description' | 'layer' | 'access' | 'testMode' | 'currentVersion'>;

export default function Home() {
  const { headline, name, products, first, call, signedIn } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-16">
      <PageMeta title={name} description={`${headline} ${words.lead}`} path="/" card="home" markdown="/index.md" />
      <section className="grid items-start gap-x-12 gap-y-8 pt-2 lg:grid-cols-[5fr_6fr] lg:grid-rows-[auto_1fr] lg:pt-6">
        <div className="space-y-6">
          <h1 className="text-2xl sm:text-3xl">{headline}</h1>
          <p className="max-w-[48ch] text-lg text-muted">{words.lead}</p>
          <div className="flex flex-wrap gap-3">
            <ButtonLink to={signedIn ? '/dashboard/keys' : first ? `/sign-up?product=${first.slug}` : '/sign-up'}>{signedIn ? words.yourKeys : words.getKey}</ButtonLink>
            {first && <ButtonLink kind="plain" to={`/${first.slug}`}>{words.readAbout(first.name)}</ButtonLink>}
          </div>
        </div>
        {call && <div className="min-w-0 lg:col-start-2 lg:row-span-2 lg:row-start-1"><ExampleCall call={call} /></div>}
        {first && <Highlights lines={first.highlights} title={words.youCanBuild(first.name)} />}
      </section>
      <section aria-labelledby="products" className="space-y-5">
        <h2 id="products" className="text-xl">{words.apis}</h2>
        {products.length === 0 ? <EmptyState title={words.noApi}>{words.noApiDetail}</EmptyState> : <ProductGroups products={products} />}
      </section>
      {first && <GuideList slug={first.slug} guides={first.guides} title={words.guides} />}
    </div>
  );
}

const layers = ['experience', 'process', 'system', null] as const;

/** By what a reader needs: the layer says what a product is for. One group needs no heading. */
function ProductGroups({ products }: { products: Shown[] }) {
  const groups = layers.map((layer) => ({ layer, list: products.filter((product) => product.layer === layer) })).filter(({ list }) => list.length > 0);
  return groups.map(({ layer, list }) => (
    <div key={layer ?? 'other'} className="space-y-2">
      {groups.length > 1 && <h3 className="text-lg">{words.need[layer ?? 'other']}</h3>}
      <ul className="divide-y border-y">{list.map((product) => <ProductRow key={product.slug} product={product} />)}</ul>
    </div>
  ));
}

function ProductRow({ product }: { product: Shown }) {
  return (
    <li className="group relative grid gap-x-6 gap-y-1 py-4 sm:grid-cols-[minmax(12rem,2fr)_4fr_auto]">
      <div>
        <Link to={`/${product.slug}`} className="text-lg font-semibold after:absolute after:inset-0 group-hover:text-accent">{product.name}</Link>
        <p className="mt-1 flex flex-wrap gap-1.5">
          {product.currentVersion && <Badge>{product.currentVersion}</Badge>}
          {product.testMode && <Badge>{words.testMode}</Badge>}
          {product.access === 'private' && <Badge tone="notice">{words.private}</Badge>}
        </p>
      </div>
      <p className="max-w-[65ch] text-muted">{product.description}</p>
      <ArrowRight className="size-5 self-center text-muted group-hover:text-accent max-sm:hidden" aria-hidden="true" />
    </li>
  );
}
