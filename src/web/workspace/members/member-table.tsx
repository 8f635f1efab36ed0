import { Form } from 'react-router';
import type { Accounts, Role } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/form-field.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';

const words = texts.members;
type Member = Awaited<ReturnType<Accounts['listMembers']>>[number];

export function MemberTable({ members, you }: { members: Member[]; you: string }) {
  const mayChange = useMay('members.change');
  return (
    <DataTable caption={words.title} rows={members} rowKey={({ id }) => id} columns={[
      { key: 'email', header: words.email, cell: (row) => <span className="flex flex-wrap items-center gap-2"><span className="font-medium break-all">{row.email}</span>{row.id === you && <Badge>{words.you}</Badge>}</span> },
      { key: 'name', header: words.name, from: 'md', cell: (row) => row.name },
      { key: 'role', header: words.role, cell: (row) => <Badge tone={row.role === 'owner' ? 'accent' : 'quiet'}>{words.roles[row.role]}</Badge> },
      { key: 'since', header: words.since, from: 'sm', cell: (row) => <Time ms={row.createdAt} day /> },
      ...(mayChange ? [{ key: 'change', header: <span className="sr-only">{words.changeRole}</span>, align: 'right' as const, cell: (row: Member) => row.id !== you && <span className="flex flex-wrap justify-end gap-1"><ChangeRole member={row} /><Remove member={row} /></span> }] : []),
    ]} />
  );
}

function ChangeRole({ member }: { member: Member }) {
  return (
    <Dialog kind="quiet" trigger={words.changeRole} title={words.changeRoleOf(member.email)} description={words.roleNow}>
      <Form method="post" className="space-y-4 text-left">
        <input type="hidden" name="id" value={member.id} />
        <SelectField label={words.role} name="role" id={`role-${member.id}`} defaultValue={member.role}><RoleOptions /></SelectField>
        <Submit doing={words.saving} name="intent" value="role">{words.saveRole}</Submit>
      </Form>
    </Dialog>
  );
}

function Remove({ member }: { member: Member }) {
  return (
    <Confirm verb={words.remove} title={words.removeTitle(member.email)}>
      <Form method="post" className="space-y-4 text-left"><input type="hidden" name="id" value={member.id} /><p>{words.removeLoss(member.email)}</p><Submit kind="danger" doing={words.removing} name="intent" value="remove">{words.removeDo}</Submit></Form>
    </Confirm>
  );
}

export function RoleOptions() {
  return (Object.keys(words.roles) as Role[]).map((role) => <option key={role} value={role}>{words.roles[role]}</option>);
}
