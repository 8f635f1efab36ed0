import { useRouteLoaderData } from 'react-router';
import type { loader as rootLoader } from '../root.tsx';
import { cardHeight, cardWidth } from './social/card-size.ts';

/** What a page says of itself to search engines and to those who share it. `path` is its one true address; `markdown` that of its twin. */
export function PageMeta({ title, description, path, card, markdown }: { title: string; description: string; path: string; /** Of the generated picture, below /social/. */ card: string; markdown?: string }) {
  const root = useRouteLoaderData<typeof rootLoader>('root');
  const site = root?.portal.name ?? '';
  const base = root?.portal.webUrl.replace(/\/$/, '') ?? '';
  const address = `${base}${path}`;
  const image = `${base}/social/${card}.png`;
  const told = shortened(description);
  return (
    <>
      <title>{title === site || site === '' ? title : `${title} · ${site}`}</title>
      {told && <meta name="description" content={told} />}
      <link rel="canonical" href={address} />
      {markdown && <link rel="alternate" type="text/markdown" href={`${base}${markdown}`} />}
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={site} />
      <meta property="og:title" content={title} />
      {told && <meta property="og:description" content={told} />}
      <meta property="og:url" content={address} />
      <meta property="og:image" content={image} />
      <meta property="og:image:width" content={String(cardWidth)} />
      <meta property="og:image:height" content={String(cardHeight)} />
      <meta name="twitter:card" content="summary_large_image" />
    </>
  );
}

const descriptionMax = 160;

/** Markdown as one line of plain text, cut at a word. */
export function shortened(markdown: string): string {
  const text = markdown.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*_#>|]/g, '').replaceAll(/\s+/g, ' ').trim();
  return text.length <= descriptionMax ? text : `${text.slice(0, descriptionMax - 3).replace(/\s+\S*$/, '')}...`;
}
