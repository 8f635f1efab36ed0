import { useEffect } from 'react';
import { useRevalidator } from 'react-router';

/** Reads the page's data again every `ms` while the page is visible. While Portico starts again, what is shown stays: a reading that fails would put an error in its place. */
export function useRefresh(ms: number): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    let asking = false;
    const timer = setInterval(() => {
      if (document.visibilityState !== 'visible' || state !== 'idle' || asking) return;
      asking = true;
      void fetch('/healthz', { cache: 'no-store' }).then(({ ok }) => (ok ? revalidate() : undefined), () => undefined).finally(() => { asking = false; });
    }, ms);
    return () => clearInterval(timer);
  }, [ms, revalidate, state]);
}
