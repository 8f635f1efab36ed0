import { Form } from 'react-router';
import type { KeySummary } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { SelectField } from '../../ui/form-field.tsx';
import { Time } from '../../ui/time.tsx';

const words = texts.dashboard.keys;
const hourMs = 3_600_000;
const overlaps = [[0, words.overlaps.none], [hourMs, words.overlaps.hour], [24 * hourMs, words.overlaps.day], [7 * 24 * hourMs, words.overlaps.week], [30 * 24 * hourMs, words.overlaps.month]] as const;

/** Roll with a choice of overlap, and revoke with what is lost by it. */
export function KeyActions({ value, once }: { value: KeySummary; once: string }) {
  return (
    <>
      {value.replacedBy === null && (
        <Confirm verb={words.roll} title={words.rollTitle(value.name)}>
          <Form method="post" className="space-y-4">
            <input type="hidden" name="id" value={value.id} />
            <input type="hidden" name="once" value={once} />
            <p>{words.rollText}</p>
            <SelectField label={words.overlap} name="overlap" id={`overlap-${value.id}`} defaultValue={24 * hourMs}>{overlaps.map(([ms, text]) => <option key={ms} value={ms}>{text}</option>)}</SelectField>
            <Submit doing={words.rolling} name="intent" value="roll">{words.rollButton}</Submit>
          </Form>
        </Confirm>
      )}
      <Confirm verb={words.revoke} title={words.revokeTitle(value.name)}>
        <Form method="post" className="space-y-4">
          <input type="hidden" name="id" value={value.id} />
          <p>{words.revokeText(value.masked)} {value.lastUsedAt === null ? words.revokeNever : <>{words.revokeUsed} <Time ms={value.lastUsedAt} />.</>}</p>
          <Submit kind="danger" doing={words.revoking} name="intent" value="revoke">{words.revokeButton}</Submit>
        </Form>
      </Confirm>
    </>
  );
}

/** While a key and the one that takes its place both work. */
export function Overlap({ value }: { value: KeySummary }) {
  const { replaces } = value;
  if (replaces?.state !== 'active' || replaces.expiresAt === null) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-l-2 border-notice py-1 pl-3 text-sm">
      <p className="min-w-0">
        {words.old(replaces.masked)} <Time ms={replaces.expiresAt} />. {replaces.lastUsedAt === null ? words.oldNever : <>{words.oldUsed} <Time ms={replaces.lastUsedAt} /></>}.
      </p>
      <Confirm verb={words.endNow} title={words.endNow}>
        <Form method="post" className="space-y-4">
          <input type="hidden" name="id" value={replaces.id} />
          <p>{words.endNowText(replaces.masked)} {replaces.lastUsedAt === null ? words.revokeNever : <>{words.revokeUsed} <Time ms={replaces.lastUsedAt} />.</>}</p>
          <Submit kind="danger" doing={words.ending} name="intent" value="revoke">{words.endNow}</Submit>
        </Form>
      </Confirm>
    </div>
  );
}
