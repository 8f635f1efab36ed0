export interface FooterEntry { label: string; to: string; /** Of this site's own pages. */ own: boolean }

/** The footer's links in their order, then the own pages that none of them leads to. */
export function footerLinks(footer: { label: string; url: string }[], pages: { slug: string; title: string }[]): FooterEntry[] {
  const linked = new Set(footer.map(({ url }) => /^\/pages\/([^/?#]+)\/?(?:[?#]|$)/.exec(url)?.[1]));
  return [
    ...footer.map(({ label, url }) => ({ label, to: url, own: false })),
    ...pages.filter(({ slug }) => !linked.has(slug)).map(({ slug, title }) => ({ label: title, to: `/pages/${slug}`, own: true })),
  ];
}
