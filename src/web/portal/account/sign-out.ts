import { redirect } from 'react-router';
import { clearFirstKeyCookie } from '../../first-key.server.ts';
import { act, load } from '../../page.server.ts';

export const loader = load(async () => {
  throw redirect('/');
});

export const action = act(async ({ request, services }) => {
  const { headers } = await services.accounts.signOut(request);
  headers.append('set-cookie', clearFirstKeyCookie);
  throw redirect('/', { headers });
});
