import { useEffect, useState } from 'react';

/** The zone of the reader's clock; the server learns it by cookie for the pages to come. */
export function useReaderZone(known: string): string {
  const [zone, setZone] = useState(known);
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!own || own === zone) return;
    document.cookie = `zone=${encodeURIComponent(own)}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
    setZone(own);
  }, [zone]);
  return zone;
}
