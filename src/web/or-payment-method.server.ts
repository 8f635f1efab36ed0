import { redirect } from 'react-router';
import { isAppError } from '../errors.ts';

/** Sends who has to enter a payment method first to the page for it, and from there to `next`. @throws a redirect; what the work throws */
export async function orPaymentMethod<Result>(work: Promise<Result>, next: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (isAppError(error) && error.code === 'payment_method_missing') throw redirect(`/dashboard/payment?${new URLSearchParams({ next })}`);
    throw error;
  }
}
