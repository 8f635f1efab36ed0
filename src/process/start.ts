// A configuration enters; a running process tree leaves, and words that tell the operator where it is.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readConfig } from '../config.ts';
import type { Config, SettingName } from '../config.ts';
import { AppError, isAppError } from '../errors.ts';
import { createLog } from './child.ts';
import { openDataFolder, settleSecrets } from './data-folder.ts';
import type { Secrets } from './data-folder.ts';
import { acquireLock } from './lock.ts';
import type { Lock } from './lock.ts';
import { probePort } from './probe-port.ts';
import { superviseChildren } from './supervise.ts';
import type { ChildName, Children } from './supervise.ts';
import { watchConfiguration } from './watch-configuration.ts';
import type { WatchedConfiguration } from './watch-configuration.ts';

export interface StartOptions {
  /** The program's entry module: children start from it. */
  entry: URL;
  environment: Record<string, string | undefined>;
  flags: Partial<Record<SettingName, string>>;
  /** portico.yaml to apply first; undefined takes the one in the working folder when there is one. */
  configurationFile?: string | undefined;
  watch: boolean;
  version: string;
  print(line: string): void;
  /** Sends a configuration file to the running Portico; answers what changed, one line each. @throws AppError with places */
  apply(file: string, target: { url: string; token: string }): Promise<string[]>;
  /** A watched file changed and was refused: Portico runs on as it was. */
  onApplyFailed(error: Error): void;
}

export interface RunningPortico {
  config: Config;
  secrets: Secrets;
  firstOwnerLink: string | undefined;
  readyMs: number;
  pids(): Partial<Record<ChildName, number>>;
  /** Resolves once everything has ended. */
  stop(): Promise<void>;
}

const drainMs = 12_000;

/** Starts the tree and answers once /readyz is 200. @throws AppError `start_refused` after ending whatever had started */
export async function start(options: StartOptions): Promise<RunningPortico> {
  const begun = performance.now();
  const configurationFile = findConfigurationFile(options);
  const { config, lock, secrets } = await prepare(options);
  const log = createLog('supervisor', options.environment['PORTICO_LOG_LEVEL']);
  let configurationPending = configurationFile !== undefined && config.role !== 'gateway';
  const names: ChildName[] = config.role === 'all' ? ['control', 'gateway'] : [config.role];
  options.print(`Starting ${names.join(' and ')} (data in ${config.dataFolder})`);
  const startFor = () => ({ config, secrets: { adminToken: secrets.adminToken, secret: secrets.secret }, configurationPending });
  const children = superviseChildren({ entry: options.entry, log, startFor, tell: options.print }, names);
  let watching: Promise<WatchedConfiguration> | undefined;
  const stop = async (): Promise<void> => {
    (await watching)?.close();
    await children.stop(drainMs);
    lock.release();
  };
  try {
    const firstOwnerLink = names.includes('control') ? (await children.started('control')).firstOwnerLink : undefined;
    if (configurationPending) {
      options.print(`Applying ${configurationFile}`);
      const lines = await options.apply(configurationFile!, { url: localUrl(config), token: secrets.adminToken });
      for (const line of lines) options.print(`  ${line}`);
      configurationPending = false;
      children.send('control', { type: 'configuration-applied' });
    }
    if (names.includes('gateway')) await children.started('gateway');
    if (names.includes('control')) await ready(config, children);
    if (options.watch && configurationFile) watching = applyChanges(options, configurationFile, { url: localUrl(config), token: secrets.adminToken });
    return { config, secrets, firstOwnerLink, readyMs: performance.now() - begun, pids: () => children.pids(), stop };
  } catch (error) {
    await stop();
    if (isAppError(error)) throw error;
    throw new AppError('start_refused', error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Where this machine reaches the web server, whatever its public address is. */
export function localUrl(config: Config): string {
  const host = config.host === '0.0.0.0' ? '127.0.0.1' : config.host === '::' ? '[::1]' : config.host.includes(':') ? `[${config.host}]` : config.host;
  return `http://${host}:${config.webPort}`;
}

function findConfigurationFile({ configurationFile }: StartOptions): string | undefined {
  if (configurationFile !== undefined) {
    if (!existsSync(configurationFile)) throw new AppError('start_refused', `The configuration file ${configurationFile} does not exist. \`portico init\` makes one.`);
    return configurationFile;
  }
  return existsSync('portico.yaml') ? 'portico.yaml' : undefined;
}

async function prepare(options: StartOptions): Promise<{ config: Config; lock: Lock; secrets: Secrets }> {
  const asked = readConfig(options.environment, options.flags);
  const folder = openDataFolder(asked.dataFolder);
  const lock = await acquireLock(join(folder.root, 'lock.db'));
  if (!lock) throw new AppError('start_refused', `Another Portico runs on the data folder ${folder.root}. Stop it, or choose another folder with --data or PORTICO_DATA.`);
  try {
    const webPort = asked.role === 'gateway' ? asked.webPort : await probePort(asked.host, asked.webPort, 'webPort');
    const gatewayPort = asked.role === 'control' ? asked.gatewayPort : await probePort(asked.host, asked.gatewayPort, 'gatewayPort');
    const config = readConfig(options.environment, { ...options.flags, webPort: String(webPort), gatewayPort: String(gatewayPort) });
    return { config, lock, secrets: settleSecrets(folder, config) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function ready(config: Config, children: Children): Promise<void> {
  const deadline = performance.now() + 30_000;
  let reasons = 'no answer';
  while (performance.now() < deadline) {
    try {
      const response = await fetch(`${localUrl(config)}/readyz`);
      if (response.ok) return;
      reasons = await response.text();
    } catch (error) {
      reasons = (error as Error).message;
    }
    await wait(25);
  }
  throw new AppError('start_refused', `Portico did not become ready in 30 s: ${reasons} (processes ${JSON.stringify(children.pids())}).`);
}

async function applyChanges(options: StartOptions, file: string, target: { url: string; token: string }): Promise<WatchedConfiguration> {
  const { listConfigurationFiles } = await import('../cli/read-bundle.ts');
  return watchConfiguration({
    listFiles: () => listConfigurationFiles(file),
    changed: async (path) => {
      options.print(path === file ? `Applying ${file}` : `Applying ${file} (${path} changed)`);
      await options.apply(file, target).then((lines) => lines.forEach((line) => options.print(`  ${line}`)), options.onApplyFailed);
    },
  });
}
