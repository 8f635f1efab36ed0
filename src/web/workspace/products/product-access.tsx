import { Form } from 'react-router';
import type { ProductFacts, ProductInvitation } from '../../../control/services.ts';
import type { Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { formatCount } from '../../ui/number.ts';
import { Paging } from '../../ui/paging.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';

const words = texts.workspaceProducts;

export function ProductAccess({ facts, invitations, nextCursor, problem }: { facts: ProductFacts; invitations: ProductInvitation[]; nextCursor: string | null; problem: Problem | undefined }) {
  const mayChange = useMay('products.change');
  const isPrivate = facts.access === 'private';
  return (
    <section className="space-y-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div><h2 id="access" className="text-xl">{words.access}</h2><p className="max-w-[70ch] text-muted">{isPrivate ? words.privateHint : words.publicHint}</p></div>
        {mayChange && (
          <Confirm verb={isPrivate ? words.makePublic : words.makePrivate}>
            <Form method="post" className="space-y-3"><p>{isPrivate ? words.makePublicLost(facts.name) : words.makePrivateLost(facts.name, formatCount(facts.subscriptions))}</p><Submit doing={words.saving} name="intent" value={isPrivate ? 'public' : 'private'}>{isPrivate ? words.makePublic : words.makePrivate}</Submit></Form>
          </Confirm>
        )}
      </div>
      {(isPrivate || invitations.length > 0) && (
        <>
          <h3 className="text-lg">{words.invitations}</h3>
          <DataTable caption={words.invitations} rows={invitations} rowKey={({ id }) => id} empty={<EmptyState title={words.noInvitations}>{words.noInvitationsHint}</EmptyState>} columns={[
            { key: 'email', header: words.email, cell: (row) => <span className="break-all">{row.email}</span> },
            { key: 'accounts', header: words.opensTo, cell: (row) => row.accounts.length === 0 ? <span className="text-muted">{words.notSignedUp}</span> : row.accounts.map(({ id, name }) => <span key={id} className="block"><TextLink to={`/workspace/consumers/${id}`}>{name}</TextLink></span>) },
            { key: 'by', header: words.invitedBy, from: 'md', cell: (row) => row.invitedBy },
            { key: 'at', header: words.invitedAt, from: 'md', cell: (row) => <Time ms={row.createdAt} /> },
            ...(mayChange ? [{ key: 'withdraw', header: <span className="sr-only">{words.withdraw}</span>, cell: (row: ProductInvitation) => (
              <Confirm verb={words.withdraw}>
                <Form method="post" className="space-y-3"><input type="hidden" name="id" value={row.id} /><input type="hidden" name="invited" value={row.email} /><p>{words.withdrawLost(row.email)}</p><Submit kind="danger" doing={words.withdrawing} name="intent" value="withdraw">{words.withdraw}</Submit></Form>
              </Confirm>
            ) }] : []),
          ]} />
          <Paging nextCursor={nextCursor} />
        </>
      )}
      {mayChange && isPrivate && (
        <Form method="post" className="flex max-w-xl flex-wrap items-end gap-3">
          <div className="min-w-60 flex-1"><FormField label={words.email} name="email" type="email" required problem={problem} /></div>
          <Submit doing={words.inviting} name="intent" value="invite">{words.invite}</Submit>
        </Form>
      )}
    </section>
  );
}
