import { Buffer } from 'node:buffer';
import { accentShades } from '../../domain/accent.ts';
import type { Query } from '../../store/database.ts';
import { loadPortal } from '../configuration/config-state.ts';
import { listVisibleProducts } from '../products/visible-product.ts';
import type { Actor, Brand } from '../services.ts';
import { contentLimits } from './content-files.ts';
import { contentHash, productOfAsset } from './content-rows.ts';

export async function readBrand(query: Query): Promise<Brand> {
  const [portal, assets, pages] = await Promise.all([loadPortal(query), listBrandAssets(query), listPageTitles(query)]);
  const shades = portal.accent === null ? null : accentShades(portal.accent);
  const sheet = stylesheetOf(portal.accent, assets);
  const address = (name: string): string | null => {
    const asset = assets.find((candidate) => candidate.name === name);
    return asset ? `/brand/${asset.hash}/${name}` : null;
  };
  return {
    stylesheet: sheet ? `/brand/${sheet.hash}.css` : null, logo: address('logo'), logoDark: address('logo-dark') ?? address('logo'),
    accent: shades ? { light: shades.light.accent, dark: shades.dark.accent } : null, pages,
  };
}

export async function readStylesheet(query: Query): Promise<{ hash: string; text: string } | undefined> {
  const [portal, assets] = await Promise.all([loadPortal(query), listBrandAssets(query)]);
  return stylesheetOf(portal.accent, assets);
}

export async function findAsset(query: Query, actor: Actor | undefined, hash: string): Promise<{ mediaType: string; bytes: Uint8Array<ArrayBuffer>; open: boolean } | undefined> {
  const names = await query.selectFrom('asset').select('name').where('hash', '=', hash).orderBy('name').limit(contentLimits.imagesMax).execute();
  const products = names.map(({ name }) => productOfAsset(name));
  const isOpen = async (who: Actor | undefined): Promise<boolean> => {
    if (products.includes(null)) return true;
    const visible = products.length === 0 ? [] : await listVisibleProducts(query, who);
    return visible.some(({ slug }) => products.includes(slug));
  };
  const open = await isOpen(undefined);
  if (!open && !(await isOpen(actor))) return undefined;
  const row = await query.selectFrom('asset').select(['media_type', 'content']).where('hash', '=', hash).limit(1).executeTakeFirst();
  return row && { mediaType: row.media_type, bytes: new Uint8Array(Buffer.from(row.content, 'base64')), open };
}

/** Variables of app.css. Colours and hashes are hexadecimal, so nothing here can leave its place. */
function stylesheetOf(accent: string | null, assets: { name: string; hash: string }[]): { hash: string; text: string } | undefined {
  const rules: string[] = [];
  if (accent !== null) {
    const { light, dark } = accentShades(accent);
    rules.push(`:root{--accent:light-dark(${light.accent},${dark.accent});--accent-soft:light-dark(${light.soft},${dark.soft});--on-accent:light-dark(${light.on},${dark.on})}`);
  }
  for (const [name, family, variable, fallback] of [['font-text', 'Brand Text', '--font-sans', 'Inter,ui-sans-serif,system-ui,sans-serif'], ['font-code', 'Brand Code', '--font-mono', "'JetBrains Mono',ui-monospace,monospace"]] as const) {
    const font = assets.find((asset) => asset.name === name);
    if (font) rules.push(`@font-face{font-family:'${family}';src:url(/brand/${font.hash}/${name}) format('woff2');font-weight:100 900;font-display:swap}`, `:root{${variable}:'${family}',${fallback}}`);
  }
  const text = rules.join('\n');
  return text === '' ? undefined : { hash: contentHash(text).slice(0, 16), text };
}

async function listBrandAssets(query: Query): Promise<{ name: string; hash: string }[]> {
  return query.selectFrom('asset').select(['name', 'hash']).where('name', 'in', ['logo', 'logo-dark', 'font-text', 'font-code']).execute();
}

async function listPageTitles(query: Query): Promise<{ slug: string; title: string }[]> {
  return query.selectFrom('article').select(['slug', 'title']).where('product_id', 'is', null).orderBy('position').orderBy('id').limit(50).execute();
}
