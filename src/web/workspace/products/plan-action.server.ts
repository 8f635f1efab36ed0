// What both pages of the plan editor do with their form: preview, add a row, ask before subscribers are moved, save.
import { redirect } from 'react-router';
import type { PlanDetail } from '../../../control/services.ts';
import type { PlanConfig } from '../../../domain/config.ts';
import type { ErrorPlace } from '../../../errors.ts';
import { flashCookie } from '../../flash.server.ts';
import { text, type Page } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { readPlanForm, withAddedRow } from './plan-form.ts';

export interface PlanOutcome {
  /** What the form held, rows that were empty dropped. */
  draft: PlanConfig;
  /** The revision that was opened. */
  revisionId: string | undefined;
  errors: ErrorPlace[];
  /** Whether the mistakes are shown at their fields: not while somebody is still typing. */
  showErrors: boolean;
  /** How many subscribers wait to be moved, once that is confirmed. */
  confirmMove: number | null;
}

export async function actOnPlan({ form, services, member, params }: Page & { form: FormData }, existing: PlanDetail | null): Promise<PlanOutcome> {
  const actor = await member();
  const productSlug = params['product']!;
  const intent = text(form, 'intent');
  const draft = readPlanForm(form, existing?.slug ?? null);
  const revisionId = text(form, 'revision') || undefined;
  const input = { productSlug, planSlug: existing?.slug ?? null, plan: draft };
  if (intent.startsWith('add-')) return { revisionId, draft: withAddedRow(draft, intent), errors: [], showErrors: false, confirmMove: null };
  const errors = await services.plans.check(actor, input);
  if (errors.length > 0 || intent === 'preview' || intent === 'live') return { revisionId, draft, errors, showErrors: intent !== 'live', confirmMove: null };
  const moveSubscribers = existing !== null && form.has('moveSubscribers') && existing.subscribers > 0;
  if (moveSubscribers && intent !== 'save-and-move') return { revisionId, draft, errors, showErrors: true, confirmMove: existing.subscribers };
  const { name } = await services.plans.save(actor, { ...input, moveSubscribers, revisionId });
  throw redirect(`/workspace/products/${productSlug}#plans`, { headers: { 'set-cookie': flashCookie(texts.workspacePlans.saved(name)) } });
}
