import { useEffect } from 'react';
import { useRevalidator } from 'react-router';

/** Reads the page's data again every `ms` while the page is visible. */
export function useRefresh(ms: number): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && state === 'idle') void revalidate();
    }, ms);
    return () => clearInterval(timer);
  }, [ms, revalidate, state]);
}
