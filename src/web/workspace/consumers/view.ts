import { redirect } from 'react-router';
import { act } from '../../page.server.ts';
import { viewingCookie } from '../../viewing.server.ts';

/** Begins a look at the portal as this consumer. */
export const action = act(async ({ services, member, params }): Promise<never> => {
  const { token, expiresAt } = await services.viewing.begin(await member(), { consumerId: params['id']! });
  const { webUrl } = await services.configuration.portal();
  throw redirect('/dashboard', { headers: { 'set-cookie': viewingCookie(token, Math.round((expiresAt - Date.now()) / 1_000), webUrl.startsWith('https:')) } });
});
