import { useEffect, useState } from 'react';
import { texts } from '../../texts.ts';
import { formatDuration } from '../../ui/format-time.ts';

/** The time since sign-up, counting by the second while the page is open. `now` is when the server rendered it. */
export function Elapsed({ since, now }: { since: number; now: number }) {
  const [ms, setMs] = useState(now - since);
  useEffect(() => {
    const opened = performance.now();
    const timer = setInterval(() => setMs(now - since + performance.now() - opened), 1000);
    return () => clearInterval(timer);
  }, [since, now]);
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return <p className="text-sm text-muted tabular-nums">{texts.firstCall.elapsed(seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000))}</p>;
}
