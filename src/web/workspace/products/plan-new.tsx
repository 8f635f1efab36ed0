import { useActionData, useLoaderData } from 'react-router';
import { act, load, refusal } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { actOnPlan } from './plan-action.server.ts';
import { PlanEditor } from './plan-editor.tsx';
import { newPlan } from './plan-form.ts';

const words = texts.workspacePlans;

export const loader = load(async ({ services, member, rights, params, web }) => {
  const actor = await member();
  if (!(await rights()).includes('plans.change')) throw refusal('role_forbids', texts.workspace.roleForbids(actor.role), web);
  const slug = params['product']!;
  const [facts, plans, configuration] = await Promise.all([services.products.facts(actor, slug), services.plans.listDetails(actor, slug), services.configuration.current()]);
  return { name: facts.name, slug, plans, meters: (configuration.products.find((product) => product.slug === slug)?.meters ?? []).map((meter) => meter.name), plan: newPlan() };
});

export const action = act((page) => actOnPlan(page, null));

export default function NewPlan() {
  const { name, slug, plans, meters, plan } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <div className="space-y-6">
      <title>{words.newTitle(name)}</title>
      <BackLink to={`/workspace/products/${slug}`}>{name}</BackLink>
      <div className="space-y-1"><h1 className="text-2xl">{words.newTitle(name)}</h1><p className="text-muted">{words.intro}</p></div>
      <ProblemNotice problem={result && 'problem' in result ? result.problem : undefined} />
      <PlanEditor productSlug={slug} existing={null} plan={plan} others={plans} meters={meters} outcome={result && 'draft' in result ? result : undefined} />
    </div>
  );
}
