import { useEffect, useState } from 'react';
import { useRouteLoaderData } from 'react-router';
import type { loader as rootLoader } from '../root.tsx';

const chosenEvent = 'portico:language';

/** Which of these languages to show: the one that the reader chose last, in any block, now or on an earlier visit. */
export function useCodeLanguage(languages: string[]): [number, (language: string) => void] {
  const remembered = useRouteLoaderData<typeof rootLoader>('root')?.language ?? '';
  const [language, setLanguage] = useState(remembered);
  useEffect(() => {
    const follow = (event: Event) => setLanguage((event as CustomEvent<string>).detail);
    addEventListener(chosenEvent, follow);
    return () => removeEventListener(chosenEvent, follow);
  }, []);
  const choose = (wanted: string) => {
    document.cookie = `language=${encodeURIComponent(wanted)}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
    dispatchEvent(new CustomEvent(chosenEvent, { detail: wanted }));
  };
  return [Math.max(0, languages.indexOf(language)), choose];
}
