import type { ReactNode } from 'react';
import type { KeySummary } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { formatCount } from '../../ui/number.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { KeyActions, Overlap } from './key-actions.tsx';

const words = texts.dashboard.keys;
const shownAddresses = 2;

export function KeyRow({ value, once }: { value: KeySummary; once: string }) {
  return (
    <li className="space-y-3 border-t py-4">
      <div className="grid gap-x-8 gap-y-3 md:grid-cols-[minmax(0,5fr)_minmax(0,3fr)_minmax(0,4fr)] lg:grid-cols-[minmax(0,5fr)_minmax(0,3fr)_minmax(0,4fr)_auto]">
        <div className="min-w-0 space-y-0.5">
          <p className="flex flex-wrap items-center gap-2"><TextLink to={`/dashboard/keys/${value.id}`} className="font-medium break-words">{value.name}</TextLink><KeyBadges value={value} /></p>
          <p className="text-sm"><code className="break-all">{value.masked}</code> <span className="text-muted">{words.opens(value.products.join(', ') || words.nothing)}</span></p>
        </div>
        <div className="min-w-0 text-sm"><p>{scopeWords(value)}</p><p className="break-all">{addressWords(value)}</p></div>
        <dl className="min-w-0 text-sm">
          <Line name={words.lastUsed}>{value.lastUsedAt === null ? words.never : <Time ms={value.lastUsedAt} />}</Line>
          <EndLine value={value} />
          <Line name={words.createdBy}><span className="break-all">{value.developerEmail}</span>, <Time ms={value.createdAt} day /></Line>
        </dl>
        {value.state === 'active' && <div className="flex flex-wrap items-start gap-2"><KeyActions value={value} once={`${once} ${value.id}`} /></div>}
      </div>
      <Overlap value={value} />
    </li>
  );
}

export function KeyBadges({ value }: { value: KeySummary }) {
  return (
    <>
      <Badge tone={value.mode === 'live' ? 'accent' : 'quiet'}>{value.mode === 'live' ? words.live : words.test}</Badge>
      {value.state === 'revoked' && <Badge tone="bad">{words.revoked}</Badge>}
      {value.state === 'expired' && <Badge tone="bad">{words.expired}</Badge>}
      {value.state === 'active' && value.replacedBy !== null && <Badge tone="notice">{words.replaced}</Badge>}
    </>
  );
}

export function EndLine({ value }: { value: KeySummary }) {
  if (value.revokedAt !== null) return <Line name={words.revoked}><Time ms={value.revokedAt} /></Line>;
  if (value.expiresAt === null) return <Line name={words.expires}>{words.noEnd}</Line>;
  return <Line name={value.state === 'expired' ? words.expired : words.expires}><Time ms={value.expiresAt} /></Line>;
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return <div className="flex flex-wrap gap-x-2"><dt className="text-muted">{name}</dt><dd>{children}</dd></div>;
}

export function scopeWords({ scopes }: KeySummary): string {
  return scopes === null ? words.allOperations : words.someOperations(formatCount(scopes.length));
}

export function addressWords({ addresses }: KeySummary): string {
  if (addresses === null) return words.anyAddress;
  const shown = addresses.slice(0, shownAddresses).join(', ');
  return addresses.length > shownAddresses ? `${shown} ${words.more(formatCount(addresses.length - shownAddresses))}` : shown;
}
