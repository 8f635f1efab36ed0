import { Form, useLocation, useRouteLoaderData } from 'react-router';
import type { loader as rootLoader } from '../root.tsx';

const choices = [['', 'system'], ['light', 'light'], ['dark', 'dark']] as const;

/** Light, dark, or as the system says. */
export function ThemeSwitch() {
  const { pathname, search } = useLocation();
  const theme = useRouteLoaderData<typeof rootLoader>('root')?.theme ?? '';
  return (
    <Form method="post" action="/theme" className="inline-flex items-baseline gap-2 text-sm" aria-label="Colours">
      <input type="hidden" name="next" value={pathname + search} />
      {choices.map(([value, word]) => <button key={word} type="submit" name="theme" value={value} aria-pressed={theme === value} className="cursor-pointer text-muted hover:text-ink aria-pressed:font-semibold aria-pressed:text-ink">{word}</button>)}
    </Form>
  );
}
