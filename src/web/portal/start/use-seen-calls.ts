import { useEffect, useState } from 'react';
import type { SeenCall } from './call-watch.server.ts';

/** The calls that the page was rendered with, and each that comes while it is open; newest first. */
export function useSeenCalls(initial: SeenCall[]): { calls: SeenCall[]; live: boolean } {
  const [calls, setCalls] = useState(initial);
  const [live, setLive] = useState(false);
  useEffect(() => {
    const source = new EventSource('/start/events');
    source.onopen = () => setLive(true);
    source.onerror = () => setLive(false);
    source.onmessage = (event: MessageEvent<string>) => {
      const call = JSON.parse(event.data) as SeenCall;
      setCalls((known) => (known.some(({ id }) => id === call.id) ? known : [call, ...known]));
    };
    return () => source.close();
  }, []);
  return { calls, live };
}
