import { Form, useLocation, useRouteLoaderData } from 'react-router';
import type { loader as rootLoader } from '../root.tsx';
import { texts } from '../texts.ts';
import { Monitor, Moon, Sun } from './icon.ts';

const choices = [['', texts.ui.themeSystem, Monitor], ['light', texts.ui.themeLight, Sun], ['dark', texts.ui.themeDark, Moon]] as const;

/** Light, dark, or as the system says. */
export function ThemeSwitch() {
  const { pathname, search } = useLocation();
  const theme = useRouteLoaderData<typeof rootLoader>('root')?.theme ?? '';
  return (
    <Form method="post" action="/theme" preventScrollReset className="inline-flex items-center rounded-md border p-0.5" aria-label={texts.ui.theme}>
      <input type="hidden" name="next" value={pathname + search} />
      {choices.map(([value, word, Icon]) => (
        <button key={word} type="submit" name="theme" value={value} aria-pressed={theme === value} aria-label={word} title={word} className="inline-flex size-7 cursor-pointer items-center justify-center rounded-sm text-muted hover:text-ink aria-pressed:bg-sunken aria-pressed:text-ink">
          <Icon className="size-4" aria-hidden="true" />
        </button>
      ))}
    </Form>
  );
}
