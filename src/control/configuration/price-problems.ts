import { compareDecimals } from '../../domain/decimal.ts';
import { closestName } from '../../domain/closest-name.ts';
import type { ConfigProblem } from './schema-problems.ts';
import type { WrittenPrice } from './written-config.ts';

const modelOfField = { unitPrice: ['unit'], packageSize: ['package'], packagePrice: ['package'], tiers: ['graduated', 'volume'] } as const;

/** Mistakes of one price; `meters` are those that the product has. */
export function findPriceProblems(price: WrittenPrice, meters: readonly string[], at: string): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (field: string, detail: string): void => void problems.push({ pointer: `${at}/${field}`, at: 'value', detail });
  if (!meters.includes(price.meter)) {
    const close = closestName(price.meter, meters);
    add('meter', `There is no meter "${price.meter}".${close === undefined ? ` This product has ${meters.join(', ')}.` : ` Did you mean "${close}"?`}`);
  }
  for (const [field, models] of Object.entries(modelOfField)) {
    if (price[field as keyof typeof modelOfField] !== undefined && !(models as readonly string[]).includes(price.model)) add(field, `\`${field}\` goes with \`model: ${models.join('` or `')}\`, not with \`${price.model}\`.`);
  }
  if (price.packageSize !== undefined && /^0+$/.test(price.packageSize)) add('packageSize', 'A package holds at least one unit.');
  if (price.minimum !== undefined && price.maximum !== undefined && compareDecimals(price.minimum, price.maximum) > 0) add('minimum', `The minimum ${price.minimum} is above the maximum ${price.maximum}.`);
  return [...problems, ...tierProblems(price, at)];
}

function tierProblems(price: WrittenPrice, at: string): ConfigProblem[] {
  const tiers = price.tiers ?? [];
  return tiers.flatMap((tier, index): ConfigProblem[] => {
    const last = index === tiers.length - 1;
    const previous = tiers[index - 1]?.upTo;
    const pointer = `${at}/tiers/${index}`;
    if (tier.upTo === undefined) return last ? [] : [{ pointer, at: 'value', detail: 'Only the last tier goes without `upTo`.' }];
    if (last) return [{ pointer: `${pointer}/upTo`, at: 'value', detail: 'The last tier has no `upTo`, so that every quantity has a price. Remove it, or add a tier after it.' }];
    if (compareDecimals(tier.upTo, previous ?? '0') <= 0) return [{ pointer: `${pointer}/upTo`, at: 'value', detail: `Tiers rise: ${tier.upTo} is not above ${previous ?? '0'}.` }];
    return [];
  });
}
