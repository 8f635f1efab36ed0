// The simulator's form: what it begins with, and what its answer starts.
import { data, redirect } from 'react-router';
import type { Actor } from '../../../control/services.ts';
import { isAppError } from '../../../errors.ts';
import { problemWith, text, type Page } from '../../page.server.ts';

const dayMs = 86_400_000;
const monthsShown = 6;
const fields = ['draft', 'from', 'to', 'rise'] as const;

/** The last whole months, UTC. */
export function usualWindow(now: number): { from: string; to: string } {
  const date = new Date(now);
  const first = (months: number): string => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1)).toISOString().slice(0, 10);
  return { from: first(monthsShown), to: first(0) };
}

/** Null where there are no prices to change. */
export async function presentDraft(services: Page['services'], actor: Actor, productSlug: string): Promise<string | null> {
  try {
    return (await services.simulator.getDraft(actor, { productSlug })).text;
  } catch (error) {
    if (error instanceof Error && isAppError(error) && error.code === 'conflict') return null;
    throw error;
  }
}

/** Begins a simulation and leads to it. A refusal comes back with all that was typed: drafts are longer than what forms keep else. */
export async function startSimulation({ form, services, member, web, url }: Page & { form: FormData }) {
  const values = Object.fromEntries(fields.map((name) => [name, text(form, name)])) as Record<(typeof fields)[number], string>;
  const day = (value: string): number => (/^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : NaN);
  try {
    const { id } = await services.simulator.start(await member(), {
      draft: values.draft, file: 'draft', from: day(values.from), to: day(values.to) + dayMs, rise: values.rise === '' ? NaN : Number(values.rise),
      ...(url.searchParams.get('product') && { productSlug: url.searchParams.get('product')! }),
    });
    throw redirect(`/workspace/simulator/${id}`);
  } catch (error) {
    if (!(error instanceof Error) || !isAppError(error)) throw error;
    // One mistake of a draft is told by the message, with its line.
    const places = error.code === 'config_invalid' && error.errors?.length === 1 ? [] : (error.errors ?? []);
    const problem = { ...problemWith(error.code, error.message, places, web), values };
    return data({ problem }, { status: problem.status });
  }
}
