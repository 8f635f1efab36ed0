import type { EventSubject } from '../payment-provider.ts';

const ofCustomers = new Set(['payment_method.attached', 'payment_method.detached', 'payment_method.updated', 'payment_method.automatically_updated']);

/** What an event of Stripe is about, by what Portico wrote into the object; null for what is not Portico's. How it stands is asked afterwards, since events come in any order. */
export function readSubject(type: string, object: Record<string, unknown>): EventSubject | null {
  const metadata = (object['metadata'] ?? {}) as Record<string, string>;
  const paymentId = metadata['portico_payment'];
  const reference = object['id'] as string;
  if (ofCustomers.has(type) || (type === 'checkout.session.completed' && object['mode'] === 'setup')) return typeof object['customer'] === 'string' ? { kind: 'customer', reference: object['customer'] } : null;
  if (paymentId === undefined) return null;
  if (type.startsWith('refund.') || type === 'charge.refund.updated') return { kind: 'refund', paymentId, reference };
  // The page speaks for its own payment.
  if (type.startsWith('payment_intent.')) return metadata['portico_page'] === undefined && type !== 'payment_intent.created' ? { kind: 'payment', paymentId, reference } : null;
  return type.startsWith('checkout.session.') ? { kind: 'payment', paymentId, reference } : null;
}
