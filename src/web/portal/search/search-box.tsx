import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { Form, Link, useFetcher, useLocation, useNavigate } from 'react-router';
import type { SearchResult } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Search } from '../../ui/icon.ts';
import { formatCount } from '../../ui/number.ts';
import { ResultText } from './result.tsx';
import type { loader } from './search.tsx';

const words = texts.search;
const typingMs = 80;
const shownMax = 8;

/** The search of the portal's header: a form without script, with script a list of results while typing. */
export function SearchBox() {
  const box = useSearchBox();
  const { results, active, listId } = box;
  return (
    <search aria-label={words.label} className="relative w-full sm:w-64" onBlur={box.leave}>
      <Form method="get" action="/search" onSubmit={box.close}>
        <Search className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted" aria-hidden="true" />
        <input
          ref={box.input} type="search" name="q" aria-label={words.label} placeholder={words.placeholder} autoComplete="off" maxLength={200} value={box.text} spellCheck={false}
          role="combobox" aria-expanded={box.open} aria-controls={listId} aria-autocomplete="list" aria-activedescendant={box.open && active >= 0 ? `${listId}-${active}` : undefined} aria-keyshortcuts="/ Control+K"
          onChange={(event) => box.type(event.target.value)} onFocus={box.focus} onKeyDown={box.press}
          className="min-h-9 w-full rounded-md border border-line bg-raised pr-2.5 pl-8 text-base hover:border-edge text-ink placeholder:text-muted"
        />
      </Form>
      <p role="status" className="sr-only">{box.open ? (results.length === 0 ? words.nothingAnnounced : words.countAnnounced(formatCount(box.total))) : ''}</p>
      {box.open && (
        <div className="fixed inset-x-2 z-30 mt-1 max-h-[70dvh] overflow-y-auto rounded-md border border-line bg-raised shadow-lg sm:absolute sm:inset-x-auto sm:right-0 sm:w-[36rem] sm:max-w-[90vw]">
          <div role="listbox" id={listId} aria-label={words.results}>
            {groupsOf(results).map(({ kind, members }) => (
              <div key={kind} role="group" aria-label={words.kinds[kind]}>
                <p aria-hidden className="px-3 pt-3 pb-1 text-sm font-medium text-muted">{words.kinds[kind]}</p>
                {members.map(({ result, place }) => (
                  <Link key={place} to={result.href} id={`${listId}-${place}`} role="option" aria-selected={place === active} tabIndex={-1} onClick={box.close} onMouseMove={() => box.choose(place)} className="block px-3 py-2 aria-selected:bg-accent-soft">
                    <ResultText result={result} compact />
                  </Link>
                ))}
              </div>
            ))}
          </div>
          <p className="border-t px-3 py-2 text-sm text-muted">
            {results.length === 0 ? `${words.nearTitle(box.asked)}. ${words.none}` : box.total > results.length ? <Link to={`/search?${new URLSearchParams({ q: box.asked })}`} onClick={box.close} className="text-accent underline">{words.allResults(formatCount(box.total))}</Link> : words.listHint}
          </p>
        </div>
      )}
    </search>
  );
}

/** Results of one kind stand together, in the order of their best one; `place` is the order in which arrows walk. */
function groupsOf(results: SearchResult[]): { kind: SearchResult['kind']; members: { result: SearchResult; place: number }[] }[] {
  let place = 0;
  return [...Map.groupBy(results, ({ kind }) => kind)].map(([kind, members]) => ({ kind, members: members.map((result) => ({ result, place: place++ })) }));
}

function useSearchBox() {
  const [text, setText] = useState('');
  const [wanted, setWanted] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const typedAt = useRef<string>(undefined);
  const fetcher = useFetcher<typeof loader>();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const listId = useId();
  const { load } = fetcher;
  const sought = text.trim();

  useEffect(() => {
    // The address changes before the page does: what was typed since is for the new page and stays.
    if (typedAt.current === window.location.href) return;
    setText(pathname === '/search' ? (new URLSearchParams(search).get('q') ?? '') : '');
  }, [pathname, search]);
  useEffect(() => {
    if (!wanted || sought === '') return;
    const timer = setTimeout(() => void load(`/search?${new URLSearchParams({ q: sought })}`), typingMs);
    return () => clearTimeout(timer);
  }, [sought, wanted, load]);
  useEffect(() => focusOnShortcut(input), []);

  const answer = fetcher.data && 'results' in fetcher.data ? fetcher.data : undefined;
  const results = groupsOf(answer?.results.slice(0, shownMax) ?? []).flatMap(({ members }) => members.map(({ result }) => result));
  const open = wanted && sought !== '' && answer !== undefined && answer.text !== '';
  const close = (): void => { setWanted(false); setActive(-1); };
  return {
    text, input, results, active, open, listId, close, asked: answer?.text ?? '', total: answer?.total ?? 0,
    choose: setActive,
    type: (value: string) => { typedAt.current = window.location.href; setText(value); setWanted(true); setActive(-1); },
    focus: () => { if (sought !== '' && pathname !== '/search') setWanted(true); },
    leave: (event: React.FocusEvent) => { if (!event.currentTarget.contains(event.relatedTarget)) close(); },
    press: (event: KeyboardEvent<HTMLInputElement>) => {
      if (event.key === 'Escape' && open) { event.preventDefault(); close(); }
      else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && results.length > 0) {
        event.preventDefault();
        setWanted(true);
        setActive((place) => stepped(place, event.key === 'ArrowDown' ? 1 : -1, results.length));
      } else if (event.key === 'Enter' && open && results[active]) {
        event.preventDefault();
        void navigate(results[active].href);
        close();
      }
    },
  };
}

/** Round the list, with the field itself as one stop. */
function stepped(place: number, by: 1 | -1, length: number): number {
  const next = place + by;
  return next >= length ? -1 : next < -1 ? length - 1 : next;
}

function focusOnShortcut(input: React.RefObject<HTMLInputElement | null>): () => void {
  const listen = (event: globalThis.KeyboardEvent): void => {
    const typing = event.target instanceof HTMLElement && (event.target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(event.target.tagName));
    const asked = (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) || (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey));
    if (!asked) return;
    event.preventDefault();
    input.current?.focus();
    input.current?.select();
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}
