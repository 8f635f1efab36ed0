import type { Actor } from './actor.ts';

/** What the producer's brand changes on every page; addresses are paths of this site. */
export interface Brand {
  /** `/brand/<hash>.css`; null when the brand changes no style. */
  stylesheet: string | null;
  logo: string | null; logoDark: string | null;
  /** Of light and dark pages; null for the standard one. */
  accent: { light: string; dark: string } | null;
  pages: { slug: string; title: string }[];
}
export interface ArticleSummary { slug: string; title: string; description: string; updatedAt: number }
export interface Article extends ArticleSummary {
  /** Without its front matter. */
  markdown: string;
  /** Addresses of the images that it shows, by the path as written. */
  images: Record<string, string>;
  previous: ArticleSummary | null; next: ArticleSummary | null;
}
export interface Content {
  brand(): Promise<Brand>;
  /** Undefined without a brand; `hash` is that of its text. */
  stylesheet(): Promise<{ hash: string; text: string } | undefined>;
  /** By the SHA-256 of its bytes, hex. Undefined too for an image of products that this actor may not see; `open`: everybody may see it. */
  findAsset(actor: Actor | undefined, hash: string): Promise<{ mediaType: string; bytes: Uint8Array<ArrayBuffer>; open: boolean } | undefined>;
  /** Of all that strangers can read: changes when any of it does. */
  siteFingerprint(): Promise<string>;
  listPages(): Promise<ArticleSummary[]>;
  getPage(slug: string): Promise<Article>;
  /** @throws AppError `not_found` for a product that this actor may not see, as for one that does not exist. */
  listGuides(actor: Actor | undefined, product: string): Promise<ArticleSummary[]>;
  getGuide(actor: Actor | undefined, product: string, slug: string): Promise<Article>;
}
