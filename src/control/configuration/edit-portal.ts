import { AppError } from '../../errors.ts';
import { auditConfiguration } from '../audit/audit-configuration.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Actor, PortalEdit } from '../services.ts';
import { loadConfigState } from './config-state.ts';
import { writeSetting } from './setting.ts';

const nameMax = 100;

/** @throws AppError `input_invalid` that points at the field. */
export async function editPortal(deps: ControlDeps, actor: Actor, input: PortalEdit): Promise<void> {
  requireRight(actor, 'configuration.change');
  const name = input.name?.trim();
  if (name !== undefined && (name === '' || name.length > nameMax)) throw new AppError('input_invalid', `The name must have 1 to ${nameMax} characters.`, { errors: [{ pointer: '/name', detail: `must have 1 to ${nameMax} characters` }] });
  await deps.database.transaction(async (query) => {
    const before = await loadConfigState(query);
    const portal = { ...before.config.portal, ...(name !== undefined && { name }) };
    await writeSetting(query, 'portal', portal);
    await auditConfiguration(query, deps, actor, before, { ...before, config: { ...before.config, portal } });
  });
}
