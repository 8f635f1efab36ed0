import type { FooterLink, PorticoConfig } from '../../domain/config.ts';
import type { Actor } from './actor.ts';

export interface ConfigChange { action: 'add' | 'change' | 'remove' | 'keep'; noun: string; name: string; detail: string[] }
/** portico.yaml and each file that it names, read by the caller: the server reads no files of the client's machine. */
export interface ConfigBundle { file: string; text: string; files: BundledFile[] }
/** `text` is base64 of what is not text. */
export interface BundledFile { path: string; text: string; encoding?: 'base64' | undefined }
/** The producer's own files of the brand: an SVG or PNG logo, WOFF2 fonts. */
export type BrandFile = 'logo' | 'logo-dark' | 'font-text' | 'font-code';
/** What is left out stays as it is; null takes it away. */
export interface PortalEdit { name?: string; headline?: string | null; /** `#rrggbb` */ accent?: string | null; footer?: FooterLink[]; files?: Partial<Record<BrandFile, { fileName: string; bytes: Uint8Array } | null>>; /** `fingerprint` of the settings that were edited: refused with `conflict` when somebody has saved others since. */ editedFrom?: string }
/** `files` are hashes: a file stands at `/brand/<hash>/<name>`. */
export interface PortalSettings { name: string; keyPrefix: string; headline: string | null; accent: string | null; footer: FooterLink[]; files: Record<BrandFile, string | null>; /** Changes with any of these. */ fingerprint: string }
export interface Configuration {
  apply(actor: Actor, input: { bundle: ConfigBundle; dryRun: boolean; prune: boolean }): Promise<{ changes: ConfigChange[]; drift: ConfigChange[]; applied: boolean; snapshotVersion: number; /** Gateways that did not confirm in time, or that are cut off. */ unconfirmed: string[] }>;
  /** Changes name, headline, colour, links and files of `portal`; portico.yaml shows them as drift when it is applied next, and the file wins then. */
  editPortal(actor: Actor, input: PortalEdit): Promise<void>;
  portalSettings(actor: Actor): Promise<PortalSettings>;
  /** The running configuration and its documents; `export` then `apply` changes nothing. */
  export(actor: Actor): Promise<ConfigBundle>;
  current(): Promise<PorticoConfig>;
  /** `mailKept`: without SMTP, mail stays in the outbox. `development`: besides, nobody but this machine reaches the pages. */
  portal(): Promise<{ name: string; keyPrefix: string; headline: string | null; footer: FooterLink[]; webUrl: string; gatewayUrl: string; development: boolean; mailKept: boolean }>;
}
