import { redirect } from 'react-router';
import { act, text } from '../page.server.ts';
import { clearViewing } from '../viewing.server.ts';

/** Ends a look at the portal as a consumer, and goes back to that consumer. */
export const action = act(async ({ form }): Promise<never> => {
  const consumer = text(form, 'consumer');
  throw redirect(/^con_[0-9A-Z]+$/.test(consumer) ? `/workspace/consumers/${consumer}` : '/workspace/consumers', { headers: { 'set-cookie': clearViewing } });
});
