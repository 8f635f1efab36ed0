import { useState } from 'react';

/**
 * The number that a form which makes a key carries: the same while the page's data are read again, so that the form keeps
 * what was typed, and another once it made one, so that the next sending makes the next.
 */
export function useOnce(number: string, made: string | undefined): string {
  const [first] = useState(number);
  return made === undefined ? first : `${first} ${made.slice(-12)}`;
}
