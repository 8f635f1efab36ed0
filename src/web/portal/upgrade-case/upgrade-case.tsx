import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import type { UpgradeCasePage } from '../../../control/services.ts';
import { act, load, refusal, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { BillTable } from '../../ui/bill-table.tsx';
import { Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { formatMoney } from '../../ui/money.ts';
import { Notice } from '../../ui/notice.tsx';
import { formatCount, formatShare } from '../../ui/number.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Time } from '../../ui/time.tsx';

const words = texts.upgradeCase;

export const loader = load(async ({ url, services, web }) => {
  const token = url.searchParams.get('token') ?? '';
  const page = await services.upgradeCases.findPage({ token });
  if (!page) throw refusal('not_found', words.gone, web);
  return { token, page };
});

export const action = act(async ({ form, services }): Promise<{ problem?: undefined }> => {
  const token = text(form, 'token');
  await services.upgradeCases.approve({ token, planSlug: text(form, 'plan'), email: text(form, 'email') });
  throw redirect(`/upgrade-case?${new URLSearchParams({ token })}`);
});

/** A link to it is a secret: it is kept out of indexes and caches. */
export function headers() {
  return { 'X-Robots-Tag': 'noindex, nofollow', 'Cache-Control': 'no-store' };
}

export default function UpgradeCase() {
  const { token, page } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <div className="space-y-10">
      <title>{words.title(page.productName, page.consumerName)}</title>
      <meta name="robots" content="noindex, nofollow" />
      <header className="space-y-3">
        <h1 className="text-2xl sm:text-3xl">{words.title(page.productName, page.consumerName)}</h1>
        <p className="text-muted">{words.lead(page.createdBy)} <Time ms={page.createdAt} day />. {page.state === 'open' && <>{words.until} <Time ms={page.expiresAt} day />.</>}</p>
        {page.message !== '' && <blockquote className="max-w-[70ch] border-l-2 border-accent pl-4 break-words whitespace-pre-line">{page.message}</blockquote>}
      </header>
      {page.state === 'approved' && <Notice tone="good" title={words.approved(page.scheduledPlan ?? page.planName)}><p>{words.approvedText(page.approvedBy ?? '')} <Time ms={page.approvedAt!} />.</p></Notice>}
      <ProblemNotice problem={problem} fields={['email', 'plan']} />
      <Built page={page} />
      <Plans page={page} />
      {page.state === 'open' && <Approval page={page} token={token} problem={problem} />}
    </div>
  );
}

function Built({ page }: { page: UpgradeCasePage }) {
  return (
    <section className="space-y-4">
      <h2 className="text-xl">{words.built}</h2>
      <dl className="grid grid-cols-2 gap-6 sm:grid-cols-4">
        <Figure label={words.calls} value={formatCount(page.calls)} note={<>{words.since} <Time ms={page.since} day /></>} />
        <Figure label={words.success} value={page.successShare === null ? '–' : formatShare(page.successShare)} />
        <Figure label={words.operations} value={formatCount(page.operationCount)} />
      </dl>
      {page.operations.length === 0 ? <p className="text-muted">{words.noCalls}</p> : (
        <div className="max-w-3xl">
          <DataTable caption={words.operations} rows={page.operations} rowKey={({ id }) => id} columns={[
            { key: 'operation', header: words.operation, cell: (row) => <>{row.title} {row.path !== null && <code className="block text-xs break-all text-muted">{row.method} {row.path}</code>}</> },
            { key: 'calls', header: words.calls, align: 'right', cell: (row) => formatCount(row.calls) },
          ]} />
          {page.operationCount > page.operations.length && <p className="pt-2 text-sm text-muted">{words.others(formatCount(page.operationCount - page.operations.length))}</p>}
        </div>
      )}
    </section>
  );
}

function Plans({ page }: { page: UpgradeCasePage }) {
  return (
    <section className="space-y-3">
      <h2 className="text-xl">{words.plans}</h2>
      <p className="text-muted">{words.plansNote}</p>
      <div className="max-w-3xl">
        <DataTable caption={words.plans} rows={page.plans} rowKey={({ slug }) => slug} columns={[
          { key: 'plan', header: words.plan, cell: (row) => <>{row.name} {row.present ? <Badge tone="good">{words.present}</Badge> : row.choice === 'approval' && <Badge>{words.needsApproval}</Badge>}{row.bill.lines.length > 0 && <details className="pt-1"><summary className="cursor-pointer text-sm text-muted">{words.lines}</summary><div className="pt-1"><BillTable bill={row.bill} caption={row.name} /></div></details>}</> },
          { key: 'cost', header: words.cost, align: 'right', cell: (row) => <>{formatMoney(row.bill.subtotal, row.bill.currency)} <span className="block text-sm text-muted">{words.per[row.interval]}</span></> },
        ]} />
      </div>
    </section>
  );
}

function Approval({ page, token, problem }: { page: UpgradeCasePage; token: string; problem: React.ComponentProps<typeof ProblemNotice>['problem'] }) {
  const choices = page.plans.filter(({ choice }) => choice === 'upgrade');
  if (choices.length === 0) return <p className="text-muted">{words.noPlan}</p>;
  return (
    <section className="max-w-md space-y-4">
      <h2 className="text-xl">{words.approveTitle}</h2>
      <p>{words.approveText}</p>
      <Form method="post" className="space-y-4">
        <input type="hidden" name="token" value={token} />
        <SelectField label={words.planLabel} name="plan" problem={problem}>{choices.map(({ slug, name, bill, interval }) => <option key={slug} value={slug}>{`${name}: ${formatMoney(bill.subtotal, bill.currency)} ${words.per[interval]}`}</option>)}</SelectField>
        <FormField label={words.email} name="email" type="email" autoComplete="email" required problem={problem} />
        <Submit doing={words.approving}>{words.approve}</Submit>
      </Form>
    </section>
  );
}
