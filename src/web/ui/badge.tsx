import type { ReactNode } from 'react';

const tones = {
  quiet: 'border-line text-muted',
  accent: 'border-transparent bg-accent-soft text-accent',
  good: 'border-transparent bg-good-soft text-good',
  notice: 'border-transparent bg-notice-soft text-notice',
  bad: 'border-transparent bg-bad-soft text-bad',
} as const;
export type Tone = keyof typeof tones;

export function Badge({ tone = 'quiet', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`inline-flex items-center rounded-sm border px-1.5 text-xs leading-5 font-medium tracking-normal whitespace-nowrap ${tones[tone]}`}>{children}</span>;
}

const methodTones: Record<string, string> = { GET: 'text-good', POST: 'text-blue', PUT: 'text-notice', PATCH: 'text-violet', DELETE: 'text-bad' };

export function Method({ name }: { name: string }) {
  return <span className={`font-mono text-xs font-semibold ${methodTones[name] ?? 'text-muted'}`}>{name}</span>;
}

export function StatusCode({ status }: { status: number }) {
  const tone = status < 300 ? 'text-good' : status < 400 ? 'text-info' : status < 500 ? 'text-notice' : 'text-bad';
  return <span className={`font-mono text-sm font-semibold tabular-nums ${tone}`}>{status}</span>;
}
