import { createContext, useContext } from 'react';

/** The reader's IANA zone: from the cookie `zone`, which the first script sets; UTC until then. */
export const ZoneContext = createContext('UTC');

export function useZone(): string {
  return useContext(ZoneContext);
}
