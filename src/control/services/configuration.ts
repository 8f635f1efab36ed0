import type { FooterLink, PorticoConfig } from '../../domain/config.ts';
import type { Actor } from './actor.ts';

export interface ConfigChange { action: 'add' | 'change' | 'remove' | 'keep'; noun: string; name: string; detail: string[] }
/** portico.yaml and each file that it names, read by the caller: the server reads no files of the client's machine. */
export interface ConfigBundle { file: string; text: string; files: BundledFile[] }
/** `text` is base64 of what is not text. */
export interface BundledFile { path: string; text: string; encoding?: 'base64' | undefined }
export interface PortalEdit { name?: string | undefined }
export interface Configuration {
  apply(actor: Actor, input: { bundle: ConfigBundle; dryRun: boolean; prune: boolean }): Promise<{ changes: ConfigChange[]; drift: ConfigChange[]; applied: boolean; snapshotVersion: number; /** Gateways that did not confirm in time, or that are cut off. */ unconfirmed: string[] }>;
  /** Changes plain texts of `portal`; portico.yaml shows them as drift when it is applied next, and its words win then. */
  editPortal(actor: Actor, input: PortalEdit): Promise<void>;
  /** The running configuration and its documents; `export` then `apply` changes nothing. */
  export(actor: Actor): Promise<ConfigBundle>;
  current(): Promise<PorticoConfig>;
  /** `mailKept`: without SMTP, mail stays in the outbox. `development`: besides, nobody but this machine reaches the pages. */
  portal(): Promise<{ name: string; keyPrefix: string; headline: string | null; footer: FooterLink[]; webUrl: string; gatewayUrl: string; development: boolean; mailKept: boolean }>;
}
