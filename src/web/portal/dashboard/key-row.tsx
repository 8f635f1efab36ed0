import { Form } from 'react-router';
import type { KeySummary } from '../../../control/services.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { Time } from '../../ui/time.tsx';

const hourMs = 3_600_000;
const overlaps = [[0, 'no overlap: the old key stops at once'], [hourMs, '1 hour'], [24 * hourMs, '24 hours'], [7 * 24 * hourMs, '7 days']] as const;

export function KeyRow({ value, once }: { value: KeySummary; once: string }) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 border-t py-3">
      <div className="min-w-0 space-y-0.5">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{value.name}</span>
          <Badge tone={value.mode === 'live' ? 'accent' : 'quiet'}>{value.mode}</Badge>
          {value.state !== 'active' && <Badge tone="bad">{value.state}</Badge>}
        </p>
        <p><code className="text-sm break-all">{value.masked}</code> <span className="text-muted">for {value.products.length === 0 ? 'all subscriptions' : value.products.join(', ')}</span></p>
        <p className="text-sm text-muted">
          Created by {value.developerEmail} <Time ms={value.createdAt} />; {value.lastUsedAt === null ? 'never used' : <>last used <Time ms={value.lastUsedAt} /></>}
          {value.revokedAt !== null && <>; revoked <Time ms={value.revokedAt} /></>}
          {value.revokedAt === null && value.expiresAt !== null && <>; works until <Time ms={value.expiresAt} /></>}
        </p>
      </div>
      {value.state === 'active' && <KeyActions key={once} value={value} once={`${once} ${value.id}`} />}
    </li>
  );
}

function KeyActions({ value, once }: { value: KeySummary; once: string }) {
  return (
    <div className="flex flex-wrap gap-2">
      <Confirm verb="Rename">
        <Form method="post" className="space-y-3">
          <input type="hidden" name="id" value={value.id} />
          <FormField label="Name" name="name" id={`name-${value.id}`} defaultValue={value.name} maxLength={60} required />
          <Submit doing="Renaming" name="intent" value="rename">Rename key</Submit>
        </Form>
      </Confirm>
      <Confirm verb="Roll">
        <Form method="post" className="space-y-3">
          <input type="hidden" name="id" value={value.id} />
          <input type="hidden" name="once" value={once} />
          <p>A new key replaces this one. Both work during the overlap, so that you can exchange it without an outage.</p>
          <SelectField label="Overlap" name="overlap" id={`overlap-${value.id}`} defaultValue={24 * hourMs}>{overlaps.map(([ms, words]) => <option key={ms} value={ms}>{words}</option>)}</SelectField>
          <Submit doing="Rolling" name="intent" value="roll">Roll key</Submit>
        </Form>
      </Confirm>
      <Confirm verb="Revoke">
        <Form method="post" className="space-y-3">
          <input type="hidden" name="id" value={value.id} />
          <p>Every call with <code className="break-all">{value.masked}</code> is refused within a second, for good. It cannot be undone.</p>
          <Submit kind="danger" doing="Revoking" name="intent" value="revoke">Revoke key</Submit>
        </Form>
      </Confirm>
    </div>
  );
}
