// Who may see a private product without subscribing to it: people by the address that they sign up with.
import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { parseEmail } from '../accounts/account-input.ts';
import { invitedBy } from '../accounts/members.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import { messages } from '../mail/messages.ts';
import { requireRight } from '../rights.ts';
import type { ProductInvitation, Products } from '../services.ts';
import { getProductRow } from './edit-product.ts';

const pageMax = 200;

export interface InvitationMail {
  mailbox: Pick<Mailbox, 'post' | 'deliver'>;
  /** `portal.name` of portico.yaml. */
  portalName(): Promise<string>;
}

export function createProductInvitations(deps: Pick<ControlDeps, 'config' | 'database' | 'clock' | 'random'>, { mailbox, portalName }: InvitationMail): Pick<Products, 'invite' | 'listInvitations' | 'withdrawInvitation'> {
  const { database } = deps;
  return {
    async invite(actor, input) {
      requireRight(actor, 'products.change');
      const email = parseEmail(input.email);
      const portal = await portalName();
      const id = await database.transaction(async (query) => {
        const product = await getProductRow(query, input.slug);
        const known = await query.selectFrom('product_invitation').select('id').where('product_id', '=', product.id).where('email', '=', email).executeTakeFirst();
        if (known) return known.id;
        const now = deps.clock.now();
        const invitation = newId('productInvitation', now, deps.random);
        await query.insertInto('product_invitation').values({ id: invitation, product_id: product.id, email, invited_by: invitedBy(actor, portal), created_at: now }).execute();
        await mailbox.post(query, messages.inviteToProduct({ to: email, portal, product: product.name, invitedBy: invitedBy(actor, portal), link: `${deps.config.webUrl}/${product.slug}`, signUp: `${deps.config.webUrl}/sign-up` }));
        await recordAudit(query, deps, actor, { action: 'created', noun: 'invitation', subject: invitation, name: email, before: null, after: { product: product.slug, email } });
        return invitation;
      });
      void mailbox.deliver();
      return (await summarise(database.kysely, await database.kysely.selectFrom('product_invitation').selectAll().where('id', '=', id).execute()))[0]!;
    },
    async listInvitations(actor, { slug, cursor, limit = 50 }) {
      requireRight(actor, 'workspace.read');
      const product = await getProductRow(database.kysely, slug);
      const size = Math.min(Math.max(Math.trunc(limit), 1), pageMax);
      let rows = database.kysely.selectFrom('product_invitation').selectAll().where('product_id', '=', product.id);
      if (cursor !== undefined) rows = rows.where('id', '<', cursor);
      const page = await rows.orderBy('id', 'desc').limit(size + 1).execute();
      return { invitations: await summarise(database.kysely, page.slice(0, size)), nextCursor: page.length > size ? page[size - 1]!.id : null };
    },
    async withdrawInvitation(actor, { slug, id }) {
      requireRight(actor, 'products.change');
      await database.transaction(async (query) => {
        const product = await getProductRow(query, slug);
        const row = await query.selectFrom('product_invitation').select(['id', 'email']).where('product_id', '=', product.id).where('id', '=', id).executeTakeFirst();
        if (!row) throw new AppError('not_found', 'There is no such invitation.');
        await query.deleteFrom('product_invitation').where('id', '=', row.id).execute();
        await recordAudit(query, deps, actor, { action: 'withdrawn', noun: 'invitation', subject: row.id, name: row.email, before: { product: product.slug, email: row.email }, after: null });
      });
    },
  };
}

async function summarise(query: Query, rows: { id: string; email: string; invited_by: string; created_at: number }[]): Promise<ProductInvitation[]> {
  if (rows.length === 0) return [];
  const accounts = await query
    .selectFrom('developer')
    .innerJoin('consumer', 'consumer.id', 'developer.consumer_id')
    .innerJoin('user', 'user.id', 'developer.user_id')
    .select(['developer.email', 'consumer.id', 'consumer.name', 'user.emailVerified'])
    .where('developer.email', 'in', rows.map(({ email }) => email))
    .where('developer.removed_at', 'is', null)
    .orderBy('developer.id')
    .execute();
  const proven = Map.groupBy(accounts.filter((row) => Boolean(row.emailVerified)), (row) => row.email);
  return rows.map((row) => ({
    id: row.id, email: row.email, invitedBy: row.invited_by, createdAt: row.created_at,
    accounts: (proven.get(row.email) ?? []).map(({ id, name }) => ({ id, name })),
  }));
}
