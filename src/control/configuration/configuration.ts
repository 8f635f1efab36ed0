import { isLoopback } from '../../domain/loopback.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { requireRight } from '../rights.ts';
import type { Configuration } from '../services.ts';
import { applyConfig } from './apply-config.ts';
import { loadConfigState, loadPortal } from './config-state.ts';
import { editPortal, readPortalSettings } from './edit-portal.ts';
import { exportConfig } from './export-config.ts';

export function createConfiguration(deps: ControlDeps, gateways: Gateways): Configuration {
  const { database, config } = deps;
  return {
    apply: (actor, input) => applyConfig(deps, gateways, actor, input),
    editPortal: (actor, input) => editPortal(deps, actor, input),
    portalSettings: (actor) => readPortalSettings(database.kysely, actor),
    async export(actor) {
      requireRight(actor, 'workspace.read');
      return database.transaction((query) => exportConfig(query));
    },
    current: async () => (await loadConfigState(database.kysely)).config,
    async portal() {
      const { name, keyPrefix, headline, footer } = await loadPortal(database.kysely);
      return { name, keyPrefix, headline, footer, webUrl: config.webUrl, gatewayUrl: config.gatewayUrl, mailKept: config.smtpUrl === null, development: config.smtpUrl === null && isLoopback(config.host) && isLoopback(new URL(config.webUrl).hostname) };
    },
  };
}
