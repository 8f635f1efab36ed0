import type { PaymentProvider } from './payment-provider.ts';

/** Money comes by other ways, such as a bank transfer: a member marks the invoice as paid. */
export const manualPayments: PaymentProvider = { name: 'manual', collects: null };
