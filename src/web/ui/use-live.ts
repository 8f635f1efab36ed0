import { useEffect, useRef, useState } from 'react';
import { useRevalidator } from 'react-router';

/** `off` without scripts, while the page is hidden, or when it was not wanted. */
export type LiveState = 'off' | 'connecting' | 'live';

/**
 * Reads the page's data again when the stream of server-sent events at `path` says that there is something new, at most
 * every `leastMs`. The stream ends while the page is hidden, and the data are read once when it shows again. The browser
 * connects anew by itself when the connection breaks.
 */
export function useLive(path: string, wanted = true, leastMs = 1_000): LiveState {
  const { revalidate, state } = useRevalidator();
  const [live, setLive] = useState<LiveState>('off');
  const [told, setTold] = useState(0);
  useEffect(() => {
    if (!wanted) return;
    let source: EventSource | undefined;
    let pause: ReturnType<typeof setTimeout> | undefined;
    let missed = false;
    const tell = (): void => {
      if (pause !== undefined) return void (missed = true);
      setTold((count) => count + 1);
      pause = setTimeout(() => {
        pause = undefined;
        if (missed) tell();
        missed = false;
      }, leastMs);
    };
    const open = (): void => {
      let before = false;
      setLive('connecting');
      source = new EventSource(path);
      source.onopen = () => {
        setLive('live');
        // What came while the connection was broken was not told.
        if (before) tell();
        before = true;
      };
      source.onerror = () => setLive('connecting');
      source.onmessage = tell;
    };
    const close = (): void => {
      source?.close();
      source = undefined;
      setLive('off');
    };
    const follow = (): void => {
      if (document.visibilityState === 'hidden') close();
      else if (!source) {
        open();
        tell();
      }
    };
    if (document.visibilityState === 'visible') open();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      clearTimeout(pause);
      close();
    };
  }, [path, wanted, leastMs]);
  const read = useRef(0);
  useEffect(() => {
    if (told === read.current || state !== 'idle') return;
    read.current = told;
    void revalidate();
  }, [told, state, revalidate]);
  return live;
}
