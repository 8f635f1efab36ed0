import { text, whole } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { table, timeText } from '../terminal.ts';

interface Coupon { code: string; productSlug: string | null; percent: string | null; amount: string | null; currency: string | null; periods: number | null; redemptionsMax: number | null; redeemed: number; expiresAt: string | null; archivedAt: string | null }

export const couponsCreate: CommandDefinition = {
  name: 'create',
  positional: { name: '<code>', meaning: '3 to 40 letters, digits, - or _; small letters become capital ones.' },
  summary: 'make a coupon',
  description: 'Makes a code that takes a percentage, or an amount, off the bills of each subscription that redeems it.',
  options: [
    { flags: '--percent <share>', meaning: 'So much of the bill, such as 20.' }, { flags: '--amount <amount>', meaning: 'So much money, with --currency.' }, { flags: '--currency <code>', meaning: 'ISO 4217.' },
    { flags: '--product <slug>', meaning: 'Of this product only.' }, { flags: '--periods <number>', meaning: 'For so many bills (default: all).' }, { flags: '--redemptions <number>', meaning: 'For so many subscriptions (default: any number).' }, { flags: '--expires-at <time>', meaning: 'Not redeemed from then on.' },
  ],
  running: true,
  examples: [['portico coupons create WELCOME-20 --percent 20 --periods 3', 'A fifth off three bills.'], ['portico coupons create START --amount 50 --currency usd --redemptions 100', 'For the first hundred.']],
  async run({ positional: [code], options, terminal, api }) {
    const [periods, redemptionsMax] = [whole(options, 'periods', 1, 1_000_000), whole(options, 'redemptions', 1, 1_000_000)];
    const texts = Object.fromEntries((['percent', 'amount', 'currency', 'product', 'expiresAt'] as const).flatMap((name) => (text(options, name) === undefined ? [] : [[name, text(options, name)]])));
    const coupon = await (await api()).post<Coupon>('/api/v1/coupons', { code, ...texts, ...(periods !== undefined && { periods }), ...(redemptionsMax !== undefined && { redemptionsMax }) });
    terminal.printJson(coupon);
    terminal.print(`${coupon.code} takes off ${worth(coupon)}.`);
  },
};

export const couponsList: CommandDefinition = {
  name: 'list', running: true,
  summary: 'list coupons, newest first',
  description: 'Lists coupons, newest first, archived ones last.',
  examples: [['portico coupons list', 'All.']],
  async run({ terminal, api }) {
    const { coupons } = await (await api()).get<{ coupons: Coupon[] }>('/api/v1/coupons');
    terminal.printJson({ coupons });
    if (coupons.length === 0) terminal.print('No coupons. `portico coupons create` makes one.');
    else for (const line of table(terminal.colours, columns, coupons)) terminal.print(line);
  },
};

export const couponsArchive: CommandDefinition = {
  name: 'archive', running: true,
  positional: { name: '<code>', meaning: 'Of the coupon.' },
  summary: 'take a coupon out of use',
  description: 'Nobody redeems the coupon any more; who has keeps it.',
  examples: [['portico coupons archive WELCOME-20', 'From now on.']],
  async run({ positional: [code], terminal, api }) {
    const coupon = await (await api()).post<Coupon>(`/api/v1/coupons/${encodeURIComponent(code!)}/archive`);
    terminal.printJson(coupon);
    terminal.print(`${coupon.code} is archived. It was redeemed ${coupon.redeemed === 1 ? 'once' : `${coupon.redeemed} times`}.`);
  },
};

const columns = [
  { title: 'CODE', value: (coupon: Coupon) => coupon.code },
  { title: 'TAKES OFF', value: worth, align: 'right' as const },
  { title: 'PRODUCT', value: (coupon: Coupon) => coupon.productSlug ?? 'all' },
  { title: 'BILLS', value: (coupon: Coupon) => String(coupon.periods ?? 'all'), align: 'right' as const },
  { title: 'REDEEMED', value: (coupon: Coupon) => `${coupon.redeemed}${coupon.redemptionsMax === null ? '' : ` of ${coupon.redemptionsMax}`}`, align: 'right' as const },
  { title: 'EXPIRES', value: (coupon: Coupon) => timeText(coupon.expiresAt) },
  { title: 'STATE', value: (coupon: Coupon) => (coupon.archivedAt === null ? 'open' : 'archived') },
];

function worth({ percent, amount, currency }: Coupon): string {
  return percent === null ? `${amount} ${currency!.toUpperCase()}` : `${percent} %`;
}
