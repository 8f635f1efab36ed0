import type { ComponentProps, ReactNode } from 'react';
import { Link, useNavigation } from 'react-router';

const base = 'button inline-flex min-h-9 cursor-pointer items-center justify-center gap-1.5 rounded-md px-3 text-base font-medium whitespace-nowrap transition-colors duration-100 disabled:cursor-default disabled:opacity-60';
const kinds = {
  primary: 'bg-accent text-on-accent hover:opacity-90',
  plain: 'border border-line bg-raised text-ink hover:border-edge hover:bg-sunken',
  danger: 'border border-line bg-raised text-bad hover:border-bad hover:bg-bad hover:text-raised',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
} as const;
export type ButtonKind = keyof typeof kinds;

export function buttonClass(kind: ButtonKind): string {
  return `${base} ${kinds[kind]}`;
}

export function ButtonLink({ kind = 'primary', ...rest }: ComponentProps<typeof Link> & { kind?: ButtonKind }) {
  return <Link {...rest} className={`${base} ${kinds[kind]} ${rest.className ?? ''}`} />;
}

export function Button({ kind = 'plain', ...rest }: ComponentProps<'button'> & { kind?: ButtonKind }) {
  return <button type="button" {...rest} className={`${base} ${kinds[kind]} ${rest.className ?? ''}`} />;
}

/** Submits its form once: disabled, with the doing form of its verb, until the answer is here. */
export function Submit({ kind = 'primary', doing, children, name, value }: { kind?: ButtonKind; doing: string; children: ReactNode; name?: string; value?: string }) {
  const navigation = useNavigation();
  const mine = navigation.formMethod === 'POST' && (name === undefined || navigation.formData?.get(name) === value);
  const busy = navigation.state !== 'idle' && navigation.formMethod === 'POST';
  return (
    <button type="submit" name={name} value={value} disabled={busy} className={`${base} ${kinds[kind]}`}>
      {busy && mine ? doing : children}
    </button>
  );
}
