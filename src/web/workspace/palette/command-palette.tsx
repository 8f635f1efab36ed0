import { useEffect, useRef, useState } from 'react';
import type { Right } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Search } from '../../ui/icon.ts';
import { useHydrated } from '../../ui/use-hydrated.ts';
import { useLater } from '../../ui/use-later.ts';

const words = texts.palette;
const loadWindow = async () => (await import('./palette-window.tsx')).PaletteWindow;

/** Goes anywhere and begins anything, by keyboard: Ctrl-K or Cmd-K, or its button. Shown where scripts run. */
export function CommandPalette({ rights }: { rights: Right[] }) {
  const [open, setOpen] = useState(false);
  const [Window, load] = useLater(loadWindow);
  const opener = useRef<HTMLButtonElement>(null);
  const hydrated = useHydrated();
  useEffect(() => {
    const toggle = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      load();
      setOpen((shown) => !shown);
    };
    document.addEventListener('keydown', toggle);
    return () => document.removeEventListener('keydown', toggle);
  }, [load]);
  if (!hydrated) return <span className="block min-h-9" aria-hidden="true" />;
  const show = (): void => {
    load();
    setOpen(true);
  };
  return (
    <>
      <button ref={opener} type="button" aria-haspopup="dialog" aria-expanded={open} aria-keyshortcuts="Control+K Meta+K" onPointerEnter={load} onFocus={load} onClick={show} className="inline-flex min-h-9 cursor-pointer items-center gap-2 rounded-md px-2 text-muted hover:bg-sunken hover:text-ink lg:border lg:border-line lg:bg-raised">
        <Search className="size-4" aria-hidden="true" /><span className="max-lg:sr-only">{words.open}</span><kbd className="ml-auto hidden rounded-sm border border-line px-1 text-xs lg:inline" aria-hidden="true">{words.shortcut}</kbd>
      </button>
      {Window && <Window rights={rights} open={open} setOpen={setOpen} onClosed={() => opener.current?.focus()} />}
    </>
  );
}
