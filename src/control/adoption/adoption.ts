import { callVolume } from '../../analytics/call-volume.ts';
import { cohort as cohortOf } from '../../analytics/cohort.ts';
import { funnel, stuckAt } from '../../analytics/funnel.ts';
import { integrationDepth } from '../../analytics/integration-depth.ts';
import { timeToFirstCall } from '../../analytics/time-to-first-call.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import { appliedSetting, type AppliedConfig } from '../configuration/apply-config.ts';
import { loadConfigState } from '../configuration/config-state.ts';
import { diffConfig } from '../configuration/diff-config.ts';
import { readSetting } from '../configuration/setting.ts';
import type { Adoption, ConfigChange } from '../services.ts';
import { chosenProduct } from '../usage/chosen.ts';
import { requireRange } from '../usage/time-range.ts';
import { listNearLimits } from './near-limits.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const refusalsMax = 20;
const stuckShown = 5;
const nearShown = 10;
const newcomersMax = 2_000;

export function createAdoption({ database, events, clock }: ControlDeps): Adoption {
  const query = database.kysely;
  return {
    async report(actor, { productSlug, from, to, bucketMs = to - from <= 3 * dayMs ? hourMs : dayMs }) {
      requireRight(actor, 'workspace.read');
      requireRange({ from, to, bucketMs });
      const productId = await chosenProduct(query, actor, productSlug);
      const cohort = { productId, from, to };
      const ofProduct = productId === undefined ? {} : { productId };
      const { errors, ...volume } = await callVolume(events, { ...ofProduct, from, to, bucketMs });
      const [active] = await events.activeConsumers({ ...ofProduct, from, to, bucketMs: to - from });
      return {
        from, to, product: productSlug ?? null,
        funnel: await funnel(query, cohort, clock.now()),
        ttfc: await timeToFirstCall(query, cohort),
        active: { consumers: active?.consumers ?? 0, developers: active?.developers ?? 0 },
        depth: await integrationDepth(query, { productId, to }),
        volume, errors,
        refusals: await events.refusalCounts({ ...ofProduct, from, to, limit: refusalsMax }),
      };
    },
    async attention(actor, { productSlug, from, to }) {
      requireRight(actor, 'workspace.read');
      requireRange({ from, to });
      const productId = await chosenProduct(query, actor, productSlug);
      const cohort = { productId, from, to };
      const now = clock.now();
      return {
        stuck: await stuckAt(query, cohort, { now, limit: stuckShown }),
        stalls: await events.firstRefusals({ ...(productId !== undefined && { productId }), from, to, limit: refusalsMax, newcomers: await listNewcomers(query, cohort) }),
        nearLimits: await listNearLimits(query, { productId, now, limit: nearShown }),
        drift: await findDrift(query),
      };
    },
  };
}

async function findDrift(query: Query): Promise<ConfigChange[]> {
  const applied = await readSetting<AppliedConfig>(query, appliedSetting);
  return applied ? diffConfig(applied, await loadConfigState(query)).filter(({ action }) => action !== 'keep') : [];
}

/** The newest of the cohort, with their first success. */
async function listNewcomers(query: Query, filter: { productId: string | undefined; from: number; to: number }): Promise<{ consumerId: string; until: number | null }[]> {
  return cohortOf(query, filter).select(['consumer.id as consumerId', 'consumer.first_success_at as until']).orderBy('consumer.created_at', 'desc').limit(newcomersMax).execute();
}
