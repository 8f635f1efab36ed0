import { one, type Charge, type PackagePrice, type Scaled } from './price.ts';

/** Every package that is begun is paid whole: 201 units in packages of 100 are three. */
export function chargePackages(price: PackagePrice, quantity: Scaled): Charge[] {
  const begun = (quantity + price.packageSize - 1n) / price.packageSize;
  return [{ part: { kind: 'packages', packageSize: price.packageSize }, quantity: begun * one, unitPrice: price.packagePrice }];
}
