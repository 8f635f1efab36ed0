import { Content, Overlay, Portal, Root, Title } from 'radix-ui/dialog';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useFetcher, useLocation, useNavigate, useSubmit } from 'react-router';
import type { Right } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Search } from '../../ui/icon.ts';
import { matchingEntries, type Entry } from './entries.ts';
import type { loader as findLoader } from './find.ts';
import { PaletteList } from './palette-list.tsx';

const words = texts.palette;
const typingMs = 120;

export interface PaletteWindowProps {
  rights: Right[];
  open: boolean;
  setOpen(open: boolean): void;
  /** Gives the focus back to what had it. */
  onClosed(): void;
}

/** The palette over the page. */
export function PaletteWindow({ rights, open, setOpen, onClosed }: PaletteWindowProps) {
  return (
    <Root open={open} onOpenChange={setOpen}>
      <Portal>
        <Overlay className="floating fixed inset-0 z-40 bg-[rgb(8_12_20/0.45)]" />
        <Content aria-describedby={undefined} data-keeps-focus onCloseAutoFocus={(event) => { event.preventDefault(); onClosed(); }} className="floating fixed top-[12dvh] left-1/2 z-50 flex max-h-[70dvh] w-[min(38rem,calc(100vw-2rem))] -translate-x-1/2 flex-col overflow-hidden rounded-md border border-line bg-raised shadow-float">
          <Title className="sr-only">{words.title}</Title>
          <Finder rights={rights} close={() => setOpen(false)} />
        </Content>
      </Portal>
    </Root>
  );
}

function Finder({ rights, close }: { rights: Right[]; close: () => void }) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const { found, searching } = useFound(query);
  const list = useRef<HTMLDivElement>(null);
  const run = useRun(close);
  const entries = matchingEntries(query, rights, found);
  const chosen = entries[Math.min(at, entries.length - 1)];
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen?.id]);

  const steer = (event: KeyboardEvent): void => {
    const last = entries.length - 1;
    const next = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last, PageDown: Math.min(at + 8, last), PageUp: Math.max(at - 8, 0) }[event.key];
    if (next !== undefined && !((event.key === 'Home' || event.key === 'End') && query !== '')) {
      event.preventDefault();
      setAt(next);
    } else if (event.key === 'Enter' && chosen && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <>
      <div className="flex items-center gap-2.5 border-b px-4">
        <Search className="size-4 shrink-0 text-muted" aria-hidden="true" />
        <input
          autoFocus role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-activedescendant={chosen && `palette-${entries.indexOf(chosen)}`} aria-label={words.title} placeholder={words.placeholder}
          value={query} maxLength={100} autoComplete="off" spellCheck={false} onKeyDown={steer}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          className="min-h-12 w-full bg-transparent text-lg outline-none placeholder:text-muted"
        />
      </div>
      <div ref={list} className="flex min-h-0 flex-col"><PaletteList entries={entries} chosen={chosen} choose={run} point={setAt} /></div>
      <p role="status" className="border-t px-4 py-2 text-xs text-muted">{entries.length === 0 ? (searching ? words.searching : words.nothing(query)) : words.count(entries.length)}<span className="float-right hidden sm:inline" aria-hidden="true">{words.keys}</span></p>
    </>
  );
}

/** What the server finds, a moment after the last key. */
function useFound(query: string) {
  const fetcher = useFetcher<typeof findLoader>();
  const wanted = query.trim();
  useEffect(() => {
    if (wanted.length < 2) return;
    const timer = setTimeout(() => void fetcher.load(`/workspace/find?q=${encodeURIComponent(wanted)}`), typingMs);
    return () => clearTimeout(timer);
  }, [wanted]);
  const fits = fetcher.data?.query === wanted;
  return { found: fits ? fetcher.data!.found : [], searching: wanted.length >= 2 && !fits };
}

function useRun(close: () => void): (entry: Entry) => void {
  const navigate = useNavigate();
  const submit = useSubmit();
  const { pathname, search } = useLocation();
  return ({ to, theme }) => {
    close();
    if (to === undefined) void submit({ theme: theme ?? '', next: pathname + search }, { method: 'post', action: '/theme', preventScrollReset: true });
    else void navigate(to);
  };
}
