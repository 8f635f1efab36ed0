// What one request gives to every loader and action. mount.ts sets it; middleware in root.tsx reads the session.
import { createContext } from 'react-router';
import type { Person, Services } from '../control/services.ts';

/** Files of the fonts that the SVG names. */
export interface CardOrder { svg: string; fonts: string[] }
/** PNG of a card; undefined while too many others wait to be drawn. */
export type DrawCard = (order: CardOrder) => Promise<Uint8Array<ArrayBuffer> | undefined>;

export interface WebContext {
  services: Services;
  requestId: string;
  clientAddress: string;
  /** Origins that forms may come from. */
  origins: string[];
  /** Reads the session once per request. */
  person(): Promise<Person | undefined>;
  /** Whom the member looks at the portal as, while the cookie of a look lasts; once per request. */
  viewed(): Promise<Awaited<ReturnType<Services['viewing']['find']>>>;
  /** Where the build left what browsers load. */
  clientFolder: string;
  drawCard: DrawCard;
  onFault(error: unknown, requestId: string): void;
}

export const webContext = createContext<WebContext>();
export const nonceContext = createContext<string>('');
