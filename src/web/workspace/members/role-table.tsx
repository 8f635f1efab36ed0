import type { Accounts } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Check } from '../../ui/icon.ts';

const words = texts.members;

/** As control holds it: one row per right, one column per role. */
export function RoleTable({ roles }: { roles: Awaited<ReturnType<Accounts['listRoles']>> }) {
  const rights = [...new Set(roles.flatMap(({ rights: own }) => own))];
  return (
    <section className="space-y-3">
      <h2 className="text-xl">{words.rolesTitle}</h2>
      <p className="max-w-[65ch] text-muted">{words.rolesLead}</p>
      <DataTable caption={words.rolesTitle} rows={rights} rowKey={(right) => right} columns={[
        { key: 'right', header: words.right, cell: (right) => words.rights[right] ?? right },
        ...roles.map(({ role, rights: own }) => ({
          key: role, header: words.roles[role],
          cell: (right: (typeof rights)[number]) => own.includes(right) ? <><Check className="mt-[3px] size-4 text-good" aria-hidden="true" /><span className="sr-only">{words.may}</span></> : <span className="sr-only">{words.mayNot}</span>,
        })),
      ]} />
    </section>
  );
}
