import { useLocation } from 'react-router';
import { texts } from '../texts.ts';
import { ButtonLink } from './button.tsx';

/** To the next rows and back to the first; every other parameter of the address stays. */
export function Paging({ nextCursor, parameter = 'cursor', words = texts.ui.pagesNewest }: { nextCursor: string | null; parameter?: string; words?: { first: string; next: string } }) {
  const { search } = useLocation();
  const beyondFirst = new URLSearchParams(search).has(parameter);
  if (!beyondFirst && nextCursor === null) return null;
  return (
    <nav aria-label={texts.ui.pages} className="flex gap-2">
      {beyondFirst && <ButtonLink kind="plain" to={cursorAddress(search, parameter, null)}>{words.first}</ButtonLink>}
      {nextCursor !== null && <ButtonLink kind="plain" to={cursorAddress(search, parameter, nextCursor)}>{words.next}</ButtonLink>}
    </nav>
  );
}

export function cursorAddress(search: string, parameter: string, cursor: string | null): string {
  const parameters = new URLSearchParams(search);
  if (cursor === null) parameters.delete(parameter);
  else parameters.set(parameter, cursor);
  return `?${parameters}`;
}
