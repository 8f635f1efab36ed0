// In: the request head. Out: nothing, or a refusal of what the product does not accept.
import type { Call, Refusal } from '../call.ts';

export function validate(call: Call): Refusal | undefined {
  const most = call.product!.product.bodyBytesMax;
  const sent = call.head.contentLength;
  return sent !== null && sent > most ? bodyTooLarge(most, sent) : undefined;
}

export function bodyTooLarge(most: number, sent: number | null): Refusal {
  const said = sent === null ? 'The body went past' : `The body has ${sent} bytes; the most that this product accepts is`;
  return { code: 'body_too_large', detail: `${said} ${most} bytes. Send less, or in parts.`, members: { limit: most } };
}
