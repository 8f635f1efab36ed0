import { callVolume } from '../../analytics/call-volume.ts';
import { funnel } from '../../analytics/funnel.ts';
import { timeToFirstCall } from '../../analytics/time-to-first-call.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Adoption } from '../services.ts';
import { chosenProduct } from '../usage/chosen.ts';
import { requireRange } from '../usage/time-range.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const refusalsMax = 20;

export function createAdoption({ database, events }: ControlDeps): Adoption {
  return {
    async report(actor, { productSlug, from, to, bucketMs = to - from <= 3 * dayMs ? hourMs : dayMs }) {
      requireRight(actor, 'workspace.read');
      requireRange({ from, to, bucketMs });
      const productId = await chosenProduct(database.kysely, actor, productSlug);
      const cohort = { productId, from, to };
      const ofProduct = productId === undefined ? {} : { productId };
      const { errors, ...volume } = await callVolume(events, { ...ofProduct, from, to, bucketMs });
      return {
        from, to, product: productSlug ?? null,
        funnel: await funnel(database.kysely, cohort),
        ttfc: await timeToFirstCall(database.kysely, cohort),
        volume, errors,
        refusals: await events.refusalCounts({ ...ofProduct, from, to, limit: refusalsMax }),
      };
    },
  };
}
