import { Form } from 'react-router';
import type { Accounts } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';

const words = texts.members;
type Invitation = Awaited<ReturnType<Accounts['listInvitations']>>[number];

export function PendingInvitations({ invitations }: { invitations: Invitation[] }) {
  const mayChange = useMay('members.change');
  return (
    <section className="space-y-3">
      <h2 className="text-xl">{words.pending}</h2>
      <DataTable caption={words.pending} rows={invitations} rowKey={({ id }) => id} columns={[
        { key: 'email', header: words.email, cell: (row) => <span className="break-all">{row.email}</span> },
        { key: 'role', header: words.role, cell: (row) => <Badge>{words.roles[row.role]}</Badge> },
        { key: 'by', header: words.invitedBy, from: 'md', cell: (row) => row.invitedBy },
        { key: 'until', header: words.until, from: 'sm', cell: (row) => <Time ms={row.expiresAt} /> },
        ...(mayChange ? [{ key: 'change', header: <span className="sr-only">{words.withdraw}</span>, align: 'right' as const, cell: (row: Invitation) => <Actions invitation={row} /> }] : []),
      ]} />
    </section>
  );
}

function Actions({ invitation }: { invitation: Invitation }) {
  return (
    <span className="flex flex-wrap justify-end gap-1">
      <Form method="post"><input type="hidden" name="id" value={invitation.id} /><Submit kind="quiet" doing={words.resending} name="intent" value="resend">{words.resend}</Submit></Form>
      <Confirm verb={words.withdraw} title={words.withdrawTitle(invitation.email)}>
        <Form method="post" className="space-y-4 text-left"><input type="hidden" name="id" value={invitation.id} /><p>{words.withdrawLoss}</p><Submit kind="danger" doing={words.withdrawing} name="intent" value="withdraw">{words.withdrawDo}</Submit></Form>
      </Confirm>
    </span>
  );
}
