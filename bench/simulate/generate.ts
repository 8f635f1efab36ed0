// A store with so many subscription-months: 30 rows of the ledger each, ten hours of three meters, anchors on every day of the month.
import { DatabaseSync } from 'node:sqlite';
import { nextPeriod } from '../../src/domain/billing-period.ts';
import type { PlanConfig, PriceConfig } from '../../src/domain/config.ts';

export const monthsEach = 12;
export const window = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2026, 0, 1) };
export const now = Date.UTC(2026, 2, 1);
const hoursEach = 10;
const atOnce = 2_000;

const price = (fields: Partial<PriceConfig> & Pick<PriceConfig, 'meter' | 'model'>): PriceConfig => ({ included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null, ...fields });
const plan = (slug: string, fee: string, prices: PriceConfig[]): PlanConfig => ({ slug, name: slug, description: '', default: slug === 'small', access: 'public', currency: 'usd', interval: 'month', fee, trialDays: 0, limits: [{ name: 'monthly', requests: 6_000, per: 'period' }, { name: 'burst', requests: 50, per: 'second' }], operations: null, prices });
const plans = [
  plan('small', '0', [price({ meter: 'requests', model: 'graduated', tiers: [{ upTo: '1000', unitPrice: '0', flatFee: '0' }, { upTo: null, unitPrice: '0.0005', flatFee: '0' }] }), price({ meter: 'tokens', model: 'package', packageSize: '1000', packagePrice: '0.02' })]),
  plan('large', '49', [price({ meter: 'requests', model: 'volume', tiers: [{ upTo: '4000', unitPrice: '0.002', flatFee: '0' }, { upTo: null, unitPrice: '0.0015', flatFee: '1' }] }), price({ meter: 'tokens', model: 'unit', unitPrice: '0.000002' }), price({ meter: 'bytes', model: 'unit', unitPrice: '0.000000015', minimum: '1', maximum: '500' })]),
];

/** The same plans, a little dearer. */
export const draft = JSON.stringify({ plans: plans.map(({ slug, interval, fee, limits, prices }) => ({
  slug, currency: 'usd', interval, fee: fee === '0' ? '1' : '53.90', limits, default: slug === 'small',
  prices: prices.map(({ meter, model, unitPrice, packageSize, packagePrice, tiers, minimum, maximum }) => ({
    meter, model, ...(unitPrice !== null && { unitPrice: dearer(unitPrice) }), ...(packageSize !== null && { packageSize, packagePrice: dearer(packagePrice!) }), ...(tiers.length > 0 && { tiers: tiers.map(({ upTo, unitPrice: each, flatFee }) => ({ ...(upTo !== null && { upTo }), unitPrice: dearer(each), flatFee })) }), ...(minimum !== null && { minimum, maximum }),
  })),
})) });

function dearer(decimal: string): string {
  return Number(decimal) === 0 ? decimal : `${decimal}1`;
}

/** Into a store whose schema is there. @returns how many subscriptions */
export function generate(file: string, subscriptionMonths: number, tell: (done: number) => void): number {
  const count = Math.ceil(subscriptionMonths / monthsEach);
  const db = new DatabaseSync(file);
  // Nobody needs it after a crash.
  db.exec('pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -262144; pragma wal_autocheckpoint = 20000; pragma temp_store = memory;');
  db.exec(`insert into product (id, slug, name, description, access, position, upstream, config, created_at, updated_at) values ('prd_1', 'atlas', 'Atlas', '', 'public', 0, 'http://127.0.0.1', '{"hosts":[],"versioning":{"by":"path"},"bodyBytesMax":1,"connectTimeoutMs":1,"headTimeoutMs":1,"meters":[{"name":"tokens","header":"X-Tokens"}],"minimumNoticeDays":null}', 0, 0)`);
  plans.forEach(({ slug, name }, index) => {
    db.prepare('insert into plan (id, product_id, slug, name, position, access, is_default, current_revision_id, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, 0)').run(`pln_${index}`, 'prd_1', slug, name, index, 'public', index === 0 ? 1 : 0, `rev_${index}`);
    db.prepare('insert into plan_revision (id, plan_id, number, config, created_at) values (?, ?, 1, ?, 0)').run(`rev_${index}`, `pln_${index}`, JSON.stringify(plans[index]));
  });
  db.exec(`create temp table n (n integer primary key); create temp table hour (k integer primary key); create temp table meter (meter text primary key, factor integer, size integer) without rowid; create temp table month (day integer, m integer, from_at integer, to_at integer, primary key (day, m)) without rowid`);
  db.exec(`insert into hour with recursive k(k) as (select 0 union all select k + 1 from k where k < ${hoursEach - 1}) select k from k; insert into meter values ('bytes', 7919, 2000000), ('requests', 104729, 1000), ('tokens', 1299709, 40000)`);
  for (let day = 0; day < 31; day++) {
    const anchor = Date.UTC(2025, 0, day + 1);
    let period = nextPeriod(anchor, 'month', anchor);
    for (let month = 0; month < monthsEach; month++, period = nextPeriod(anchor, 'month', period.to)) db.prepare('insert into month values (?, ?, ?, ?)').run(day, month, period.from, period.to);
  }
  const id = (prefix: string): string => `'${prefix}_' || printf('01K0G6Q8YB%016d', n)`;
  for (let start = 0; start < count; start += atOnce) {
    const [first, last] = [start, Math.min(start + atOnce, count) - 1];
    db.exec(`begin; delete from n; insert into n with recursive k(k) as (select ${first} union all select k + 1 from k where k < ${last}) select k from k;
      insert into consumer (id, name, origin, created_at) select ${id('con')}, 'Consumer ' || n, 'import', 0 from n;
      insert into subscription (id, consumer_id, product_id, plan_id, plan_revision_id, state, anchor_at, created_at) select ${id('sub')}, ${id('con')}, 'prd_1', 'pln_' || (n % 2), 'rev_' || (n % 2), 'active', from_at, from_at from n cross join month on day = n % 31 and m = 0;
      insert into subscription_phase (id, subscription_id, plan_revision_id, from_at, to_at, reason) select ${id('pha')}, ${id('sub')}, 'rev_' || (n % 2), from_at, null, 'start' from n cross join month on day = n % 31 and m = 0;
      insert into billing_period (id, subscription_id, kind, from_at, to_at, state) select ${id('per')} || '_' || m, ${id('sub')}, 'regular', from_at, to_at, 'billed' from n cross join month on day = n % 31;
      insert into usage (subscription_id, meter, operation, version, mode, hour, quantity)
        select ${id('sub')}, meter, 'getTile', 'v1', 'live', from_at + k * 176400000 + (n % 24) * 3600000, (1 + (n * factor + m * 7907 + k * 31) % size) || case when meter = 'tokens' and n % 10 = 0 then '.25' else '' end
        from n cross join meter cross join month on day = n % 31 cross join hour;
      commit;`);
    tell(last + 1);
  }
  db.exec('pragma wal_checkpoint(truncate)');
  db.close();
  return count;
}
