import { useEffect, useState } from 'react';
import type { SeenCall } from './call-watch.server.ts';

/** The calls that the page was rendered with, and each that comes while it is open; newest first. Without scripts there is no stream. */
export function useSeenCalls(initial: SeenCall[]): { calls: SeenCall[]; stream: 'none' | 'opening' | 'open' } {
  const [calls, setCalls] = useState(initial);
  const [stream, setStream] = useState<'none' | 'opening' | 'open'>('none');
  useEffect(() => {
    setStream('opening');
    const source = new EventSource('/start/events');
    source.onopen = () => setStream('open');
    source.onerror = () => setStream('opening');
    source.onmessage = (event: MessageEvent<string>) => {
      const call = JSON.parse(event.data) as SeenCall;
      setCalls((known) => (known.some(({ id }) => id === call.id) ? known : [call, ...known]));
    };
    return () => source.close();
  }, []);
  return { calls, stream };
}
