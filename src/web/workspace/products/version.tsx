import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import type { VersionCaller, VersionSummary } from '../../../control/services.ts';
import { flashCookie } from '../../flash.server.ts';
import { act, load, refusal, text, type Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { ButtonLink, Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { formatCount } from '../../ui/number.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { VersionStatus } from '../../ui/version-badges.tsx';
import { useMay } from '../use-may.ts';

const words = texts.workspaceProducts;

export const loader = load(async ({ services, member, params, web }) => {
  const actor = await member();
  const slug = params['product']!;
  const [product, facts, callers] = await Promise.all([services.products.get(actor, slug), services.products.facts(actor, slug), services.products.listCallers(actor, { slug, version: params['version']! })]);
  const version = product.versions.find(({ name }) => name === params['version']);
  if (!version) throw refusal('not_found', words.noSuchVersion(product.name, params['version']!), web);
  return { slug, name: product.name, version, others: product.versions.filter(({ name }) => name !== version.name).map(({ name }) => name), noticeDays: facts.minimumNoticeDays ?? 0, ...callers };
});

export const action = act(async ({ form, services, member, params }) => {
  const actor = await member();
  const [slug, version] = [params['product']!, params['version']!];
  const name = words.versionTitle(slug, version);
  const done = (said: string, to = '') => redirect(`/workspace/products/${slug}${to}`, { headers: { 'set-cookie': flashCookie(said) } });
  const here = `/versions/${version}`;
  switch (form.get('intent')) {
    case 'publish':
      await services.products.editVersion(actor, { slug, version, status: 'published' });
      throw done(words.publishedNow(name), here);
    case 'discard':
      await services.products.discardDraft(actor, { slug, version });
      throw done(words.discarded(name));
    case 'retire':
      await services.products.editVersion(actor, { slug, version, status: 'retired' });
      throw done(words.retired(name), here);
    default:
      await services.products.editVersion(actor, { slug, version, status: 'deprecated', deprecated: text(form, 'deprecated') || null, sunset: text(form, 'sunset') || null, successor: text(form, 'successor') || null });
      throw done(words.deprecatedNow(name), here);
  }
});

export default function VersionDetail() {
  const { slug, name, version, others, noticeDays, callers, total } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('products.change');
  const title = words.versionTitle(name, version.name);
  return (
    <div className="space-y-8">
      <title>{title}</title>
      <div className="space-y-3">
        <BackLink to={`/workspace/products/${slug}`}>{name}</BackLink>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h1 className="flex flex-wrap items-center gap-2 text-2xl">{title}<VersionStatus version={version} /></h1>
          <div className="flex flex-wrap gap-2">
            <ButtonLink kind="plain" to={`/${slug}/${version.name}`}>{version.status === 'draft' ? words.preview : words.reference}</ButtonLink>
            {mayChange && <ButtonLink kind="plain" to={`/workspace/products/publish?product=${slug}&version=${version.name}`}>{words.replace}</ButtonLink>}
          </div>
        </div>
        <p className="text-muted">{words.versionLine(version.title, version.openapi, formatCount(version.operationCount))}{version.status !== 'draft' && <> {words.publishedOn} <Time ms={version.publishedAt} day /></>}</p>
      </div>
      <ProblemNotice problem={problem} fields={['deprecated', 'sunset', 'successor']} />
      {mayChange && (version.status === 'draft' ? <DraftChoices title={title} /> : <LifecycleChoices {...{ title, version, others, noticeDays, callers, total, problem }} />)}
      {version.status !== 'draft' && (
        <section className="space-y-3">
          <h2 id="callers" className="text-xl">{words.callers}</h2>
          <p className="text-sm text-muted">{words.callersHint}</p>
          <Callers callers={callers} total={total} />
        </section>
      )}
    </div>
  );
}

function DraftChoices({ title }: { title: string }) {
  return (
    <div className="flex flex-wrap gap-2">
      <Confirm verb={words.publishDraft}><Form method="post" className="space-y-3"><p>{words.publishDraftLost(title)}</p><Submit doing={words.publishing} name="intent" value="publish">{words.publishDraft}</Submit></Form></Confirm>
      <Confirm verb={words.discard}><Form method="post" className="space-y-3"><p>{words.discardLost(title)}</p><Submit kind="danger" doing={words.discarding} name="intent" value="discard">{words.discard}</Submit></Form></Confirm>
    </div>
  );
}

function LifecycleChoices({ title, version, others, noticeDays, callers, total, problem }: { title: string; version: VersionSummary; others: string[]; noticeDays: number; callers: VersionCaller[]; total: number; problem: Problem | undefined }) {
  const day = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString().slice(0, 10));
  return (
    <section className="space-y-4">
      <h2 id="lifecycle" className="text-xl">{words.state}</h2>
      <Form method="post" className="max-w-3xl space-y-3">
        <p className="text-muted">{version.status === 'deprecated' ? words.deprecatedHint : words.deprecateHint}</p>
        <div className="grid gap-4 sm:grid-cols-3">
          <FormField label={words.deprecatedSince} name="deprecated" type="date" defaultValue={day(version.deprecatedAt)} problem={problem} />
          <FormField label={words.sunsetOn} name="sunset" type="date" defaultValue={day(version.sunsetAt)} hint={words.sunsetHint(noticeDays)} problem={problem} />
          <SelectField label={words.successor} name="successor" defaultValue={version.successor ?? ''} problem={problem}><option value="">{words.noSuccessor}</option>{others.map((other) => <option key={other}>{other}</option>)}</SelectField>
        </div>
        <Submit kind="plain" doing={words.deprecating} name="intent" value="deprecate">{version.status === 'deprecated' ? words.save : words.deprecate}</Submit>
      </Form>
      <div className="flex max-w-3xl flex-wrap gap-2 border-t pt-4">
        {version.status !== 'published' && <Confirm verb={words.undeprecate}><Form method="post" className="space-y-3"><p>{words.undeprecateLost(title)}</p><Submit doing={words.publishing} name="intent" value="publish">{words.undeprecate}</Submit></Form></Confirm>}
        {version.status !== 'retired' && (
          <Confirm verb={words.retire}>
            <Form method="post" className="space-y-3">
              <p>{words.retireLost(title)}</p>
              {total === 0 ? <p>{words.retireNoCallers}</p> : <><p>{words.retireCallers(formatCount(total))}</p><ul className="list-disc pl-5">{callers.slice(0, 10).map(({ consumerId, name, calls }) => <li key={consumerId}>{words.callerOf(name, formatCount(calls))}</li>)}</ul>{total > 10 && <p>{words.callersMore(formatCount(total - 10))}</p>}</>}
              <Submit kind="danger" doing={words.retiring} name="intent" value="retire">{words.retire}</Submit>
            </Form>
          </Confirm>
        )}
      </div>
    </section>
  );
}

function Callers({ callers, total }: { callers: VersionCaller[]; total: number }) {
  return (
    <>
      <DataTable caption={words.callers} rows={callers} rowKey={({ consumerId }) => consumerId} empty={<EmptyState title={words.noCallers} />} columns={[
        { key: 'name', header: words.consumer, cell: (row) => <TextLink to={`/workspace/consumers/${row.consumerId}`}>{row.name}</TextLink> },
        { key: 'calls', header: words.calls, align: 'right', cell: (row) => formatCount(row.calls) },
      ]} />
      {total > callers.length && <p className="text-muted">{words.callersMore(formatCount(total - callers.length))}</p>}
    </>
  );
}
