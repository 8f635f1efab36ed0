import { redirect } from 'react-router';
import { localPath } from '../local-path.server.ts';
import { act, load, text } from '../page.server.ts';
import { themes } from '../theme.server.ts';

export const loader = load(async () => {
  throw redirect('/');
});

export const action = act(async ({ form }) => {
  const chosen = themes.find((theme) => theme === text(form, 'theme'));
  const cookie = chosen ? `theme=${chosen}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax` : 'theme=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax';
  throw redirect(localPath(text(form, 'next'), '/'), { headers: { 'set-cookie': cookie } });
});
