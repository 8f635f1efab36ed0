// Enters: the fields of the plan editor, named by their place in the plan. Leaves: the plan as portico.yaml would have it, rows left empty dropped.
import type { PlanConfig, PriceConfig } from '../../../domain/config.ts';
import type { Limit } from '../../../domain/limit.ts';

const rowsMax = 100;

export function newPlan(): PlanConfig {
  return { slug: '', name: '', description: '', default: false, access: 'public', currency: 'usd', interval: null, fee: '0', trialDays: 0, limits: [{ name: 'burst', requests: 10, per: 'second' }, { name: 'monthly', requests: 10_000, per: 'month' }], operations: null, prices: [] };
}

/** What is not a number stays text, so that whoever checks the plan can say so. `slug` is fixed once a plan exists. */
export function readPlanForm(form: FormData, slug: string | null): PlanConfig {
  const field = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const operations = field('operations').split(/[\s,]+/).filter((operation) => operation !== '');
  const name = field('name');
  return {
    slug: slug ?? field('slug'), name, description: field('description').replaceAll('\r\n', '\n'), default: form.has('default'), access: field('access') as PlanConfig['access'],
    currency: field('currency').toLowerCase(), interval: (field('interval') || null) as PlanConfig['interval'], fee: field('fee') || '0', trialDays: wholeOr(field('trialDays'), 0),
    limits: rows(form, 'limits').map((at) => ({ name: field(`${at}/name`), requests: wholeOr(field(`${at}/requests`), ''), per: field(`${at}/per`) as Limit['per'] })).filter((limit) => limit.name !== '' || String(limit.requests) !== ''),
    operations: operations.length === 0 ? null : operations,
    prices: rows(form, 'prices').map((at) => readPrice(form, field, at)).filter(({ meter }) => meter !== ''),
  };
}

function readPrice(form: FormData, field: (name: string) => string, at: string): PriceConfig {
  const model = (field(`${at}/model`) || 'unit') as PriceConfig['model'];
  const tiered = model === 'graduated' || model === 'volume';
  const when = (wanted: boolean, name: string): string | null => (wanted ? field(`${at}/${name}`) || null : null);
  const tiers = rows(form, `${at}/tiers`).map((tier) => ({ upTo: field(`${tier}/upTo`) || null, unitPrice: field(`${tier}/unitPrice`), flatFee: field(`${tier}/flatFee`) || '0' }));
  return {
    meter: field(`${at}/meter`), model, included: field(`${at}/included`) || '0', unitPrice: when(model === 'unit', 'unitPrice'), packageSize: when(model === 'package', 'packageSize'), packagePrice: when(model === 'package', 'packagePrice'),
    tiers: tiered ? tiers.filter((tier) => tier.upTo !== null || tier.unitPrice !== '') : [], minimum: field(`${at}/minimum`) || null, maximum: field(`${at}/maximum`) || null,
  };
}

/** `limits/0`, `limits/1`, as far as the form has them. */
function rows(form: FormData, list: string): string[] {
  const numbers = new Set([...form.keys()].flatMap((name) => (name.startsWith(`${list}/`) ? [Number(name.slice(list.length + 1).split('/')[0])] : [])));
  return [...numbers].filter((number) => Number.isInteger(number) && number >= 0).sort((a, b) => a - b).slice(0, rowsMax).map((number) => `${list}/${number}`);
}

function wholeOr(text: string, empty: number | ''): number {
  if (text === '') return empty as number;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : (text as unknown as number);
}

/** One more row where the button that was pressed says: `add-limit`, `add-price`, `add-tier-0`. */
export function withAddedRow(plan: PlanConfig, intent: string): PlanConfig {
  const tier = { upTo: null, unitPrice: '', flatFee: '0' };
  if (intent === 'add-limit') return { ...plan, limits: [...plan.limits, { name: '', requests: '' as unknown as number, per: 'month' }] };
  if (intent === 'add-price') return { ...plan, prices: [...plan.prices, { meter: '', model: 'unit', included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null }] };
  const index = /^add-tier-(\d+)$/.exec(intent)?.[1];
  return index === undefined ? plan : { ...plan, prices: plan.prices.map((price, at) => (at === Number(index) ? { ...price, tiers: [...price.tiers, tier] } : price)) };
}
