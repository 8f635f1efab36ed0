// What members change of the portal by hand: its words, its colour, its links, its logos and fonts. The rules of portico.yaml hold.
import { Buffer } from 'node:buffer';
import { normalAccent } from '../../domain/accent.ts';
import type { PortalConfig } from '../../domain/config.ts';
import { AppError, type ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { auditConfiguration } from '../audit/audit-configuration.ts';
import { checkAsset, mediaTypeOf } from '../content/asset-bytes.ts';
import { contentHash, type ContentState } from '../content/content-rows.ts';
import type { ContentBytes } from '../content/read-content.ts';
import { writeContent } from '../content/write-content.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Actor, BrandFile, PortalEdit, PortalSettings } from '../services.ts';
import { loadConfigState, loadPortal } from './config-state.ts';
import { findSchemaProblems } from './schema-problems.ts';
import { findSemanticProblems } from './semantic-problems.ts';
import { writeSetting } from './setting.ts';
import type { WrittenConfig } from './written-config.ts';

const brandFiles = ['logo', 'logo-dark', 'font-text', 'font-code'] as const satisfies readonly BrandFile[];

/** @throws AppError `input_invalid` that points at each field, `conflict` for an edit of settings that somebody has changed since. */
export async function editPortal(deps: ControlDeps, actor: Actor, input: PortalEdit): Promise<void> {
  requireRight(actor, 'configuration.change');
  await deps.database.transaction(async (query) => {
    if (input.editedFrom !== undefined && input.editedFrom !== (await readSettings(query)).fingerprint) throw new AppError('conflict', 'These settings were saved by somebody else since you opened them, so nothing was changed. Your text stands below: save again to put it in place of theirs.');
    const before = await loadConfigState(query);
    const portal = changedPortal(before.config.portal, input);
    const { content, bytes, problems } = changedBrand(before.content, input.files ?? {});
    const errors = [...portalProblems(portal), ...problems];
    if (errors.length > 0) throw new AppError('input_invalid', errors[0]!.detail, { errors });
    const after: PortalConfig = { ...portal, accent: portal.accent === null ? null : normalAccent(portal.accent) };
    await writeSetting(query, 'portal', after);
    if (input.files !== undefined) await writeContent(deps, query, content, bytes);
    await auditConfiguration(query, deps, actor, before, { ...before, config: { ...before.config, portal: after }, content });
  });
}

/** What the page of settings shows of the portal, as it is edited. */
export async function readPortalSettings(query: Query, actor: Actor): Promise<PortalSettings> {
  requireRight(actor, 'workspace.read');
  return readSettings(query);
}

async function readSettings(query: Query): Promise<PortalSettings> {
  const { name, keyPrefix, headline, accent, footer } = await loadPortal(query);
  const rows = await query.selectFrom('asset').select(['name', 'hash']).where('name', 'in', [...brandFiles]).execute();
  const files = Object.fromEntries(brandFiles.map((file) => [file, rows.find((row) => row.name === file)?.hash ?? null])) as PortalSettings['files'];
  const settings = { name, keyPrefix, headline, accent, footer, files };
  return { ...settings, fingerprint: contentHash(JSON.stringify(settings)) };
}

function changedPortal(portal: PortalConfig, { name, headline, accent, footer }: PortalEdit): PortalConfig {
  return {
    ...portal,
    ...(name !== undefined && { name: name.trim() }), ...(headline !== undefined && { headline: headline?.trim() || null }), ...(accent !== undefined && { accent: accent?.trim() || null }),
    ...(footer !== undefined && { footer: footer.map(({ label, url }) => ({ label: label.trim(), url: url.trim() })) }),
  };
}

function portalProblems({ name, headline, accent, footer }: PortalConfig): ErrorPlace[] {
  const written: WrittenConfig = { portal: { name, ...(headline !== null && { headline }), ...(accent !== null && { accent }), footer }, products: [] };
  const shape = findSchemaProblems(written);
  const problems = shape.length > 0 ? shape : findSemanticProblems(written);
  return problems.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/portal/, ''), detail }));
}

function changedBrand(content: ContentState, files: NonNullable<PortalEdit['files']>): { content: ContentState; bytes: ContentBytes; problems: ErrorPlace[] } {
  const bytes: ContentBytes = new Map();
  const problems: ErrorPlace[] = [];
  let { assets } = content;
  for (const name of brandFiles) {
    const file = files[name];
    if (file === undefined) continue;
    assets = assets.filter((asset) => asset.name !== name);
    if (file === null) continue;
    const given = Buffer.from(file.bytes);
    const problem = checkAsset(name.startsWith('font') ? 'font' : 'logo', file.fileName, given);
    if (problem !== undefined) {
      problems.push({ pointer: `/${name}`, detail: problem });
      continue;
    }
    const hash = contentHash(given);
    assets = [...assets, { name, mediaType: mediaTypeOf(file.fileName)!, hash }];
    bytes.set(hash, { bytes: given, source: file.fileName });
  }
  return { content: { ...content, assets: assets.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }, bytes, problems };
}
