import { bodyLimit } from 'hono/body-limit';
import { AppError } from '../errors.ts';
import type { Api } from './route.ts';

/** Stripe's own are far below. */
const bodyBytesMax = 524_288;

/** Where Stripe reports to. The bytes are verified as they came; what they are about is worked off after the answer. */
export function addStripeWebhook({ app, services }: Api): void {
  app.post('/api/webhooks/stripe', bodyLimit({ maxSize: bodyBytesMax, onError: () => { throw new AppError('body_too_large', `A report holds at most ${bodyBytesMax} bytes.`); } }), async (context) => {
    await services.payments.receiveEvent({ signature: context.req.header('stripe-signature') ?? null, body: new Uint8Array(await context.req.arrayBuffer()) });
    return context.json({ received: true });
  });
}
