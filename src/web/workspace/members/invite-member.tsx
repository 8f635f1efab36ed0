import { Form } from 'react-router';
import type { Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { RoleOptions } from './member-table.tsx';

const words = texts.members;

export function InviteMember({ problem }: { problem: Problem | undefined }) {
  return (
    <section aria-labelledby="invite" className="space-y-3">
      <h2 id="invite" className="text-xl">{words.invite}</h2>
      <Form method="post" className="flex flex-wrap items-end gap-3">
        <div className="w-full sm:w-80"><FormField label={words.email} name="email" type="email" required autoComplete="off" problem={problem} /></div>
        <div className="w-full sm:w-56"><SelectField label={words.role} name="role" defaultValue="viewer" problem={problem}><RoleOptions /></SelectField></div>
        <Submit doing={words.inviting} name="intent" value="invite">{words.sendInvitation}</Submit>
      </Form>
    </section>
  );
}
