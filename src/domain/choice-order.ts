/**
 * The order in which the choices of a question stand: places in the written order. The same on every reload, another on
 * each try. Orders are numbered (the factorial number system), and a stride without a common divisor with their number
 * walks through all of them.
 */
export function choiceOrder(count: number, seed: string, tries: number): number[] {
  const orders = factorial(count);
  const stride = strideOf(orders);
  let number = (hashOf(seed) + (tries % orders) * stride) % orders;
  const left = Array.from({ length: count }, (_, index) => index);
  const order: number[] = [];
  for (let size = count; size > 0; size--) {
    const block = factorial(size - 1);
    order.push(...left.splice(Math.floor(number / block), 1));
    number %= block;
  }
  return order;
}

/** Near the golden section, so that orders that follow each other differ from their first place on. */
function strideOf(orders: number): number {
  let stride = Math.max(1, Math.round(orders * 0.382));
  while (greatestDivisor(stride, orders) !== 1) stride++;
  return stride;
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

function factorial(count: number): number {
  return count < 2 ? 1 : count * factorial(count - 1);
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}
