// Which files the written configuration names for brand, pages, guides and what is taught, and where it names them.
import type { WrittenConfig } from '../configuration/written-config.ts';

export type AssetName = 'logo' | 'logo-dark' | 'font-text' | 'font-code';
/** `pointer` is the place in portico.yaml. A guide's path may be a folder. */
export type ContentFile = { pointer: string; path: string } & ({ kind: 'asset'; name: AssetName } | { kind: 'page'; slug: string; title: string | undefined } | { kind: 'guides'; product: string } | { kind: 'learn' });

export const contentLimits = { logoBytesMax: 262_144, fontBytesMax: 1_048_576, imageBytesMax: 1_048_576, markdownCharactersMax: 262_144, guidesMax: 200, imagesMax: 200 } as const;

export function listContentFiles({ portal = {}, learn, products }: WrittenConfig): ContentFile[] {
  const asset = (name: AssetName, pointer: string, path: string | undefined): ContentFile[] => (path === undefined ? [] : [{ kind: 'asset', name, pointer, path }]);
  return [
    ...asset('logo', '/portal/logo', portal.logo),
    ...asset('logo-dark', '/portal/logoDark', portal.logoDark),
    ...asset('font-text', '/portal/fonts/text', portal.fonts?.text),
    ...asset('font-code', '/portal/fonts/code', portal.fonts?.code),
    ...(portal.pages ?? []).map(({ slug, title, file }, index): ContentFile => ({ kind: 'page', slug, title, path: file, pointer: `/portal/pages/${index}/file` })),
    ...learnFolder(learn),
    ...products.flatMap(({ slug, guides = [] }, p) => (typeof guides === 'string'
      ? [{ kind: 'guides' as const, product: slug, path: guides, pointer: `/products/${p}/guides` }]
      : guides.map((path, g): ContentFile => ({ kind: 'guides', product: slug, path, pointer: `/products/${p}/guides/${g}` })))),
  ];
}

function learnFolder(learn: WrittenConfig['learn']): ContentFile[] {
  if (typeof learn === 'string') return [{ kind: 'learn', path: learn, pointer: '/learn' }];
  return typeof learn === 'object' && learn.folder !== undefined ? [{ kind: 'learn', path: learn.folder, pointer: '/learn/folder' }] : [];
}
