import { texts } from '../texts.ts';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';
import { Time } from './time.tsx';

export interface Invited { email: string; link: string; expiresAt: number }

export function InvitationSent({ invited }: { invited: Invited }) {
  return (
    <Notice tone="good" role="status" title={texts.ui.invited(invited.email)}>
      <p>{texts.ui.invitationLink} <Time ms={invited.expiresAt} />.</p>
      <p className="flex flex-wrap items-center gap-2"><code className="text-sm break-all">{invited.link}</code><CopyButton text={invited.link} label={texts.ui.copyLink} /></p>
    </Notice>
  );
}
