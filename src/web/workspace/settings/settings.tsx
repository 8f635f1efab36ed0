import type { ReactNode } from 'react';
import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Download } from '../../ui/icon.ts';
import { formatBytes } from '../../ui/number.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { useMay } from '../use-may.ts';

const words = texts.workspaceSettings;

export const loader = load(async ({ services, member }) => {
  const actor = await member();
  const [portal, settings, status] = await Promise.all([services.configuration.portal(), services.operations.settings(actor), services.operations.status()]);
  return { portal: { name: portal.name, keyPrefix: portal.keyPrefix }, settings, status };
});

export const action = act(async ({ form, services, member }): Promise<{ problem?: undefined }> => {
  const actor = await member();
  if (form.get('intent') === 'test-mail') {
    const { to, outcome, reason } = await services.mail.sendTest(actor);
    throw told(words.testOutcome[outcome](to) + (reason === null ? '' : `: ${reason}`), outcome === 'refused' ? 'bad' : 'good');
  }
  await services.configuration.editPortal(actor, { name: text(form, 'name') });
  throw told(words.saved);
});

const told = (message: string, tone: 'good' | 'bad' = 'good') => redirect('/workspace/settings', { headers: { 'set-cookie': flashCookie(message, tone) } });

export default function Settings() {
  const { portal, settings, status } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('configuration.change');
  const mayBackUp = useMay('backup.make');
  const mayReadMail = useMay('members.change');
  const { retention } = settings;
  return (
    <div className="max-w-4xl space-y-8">
      <title>{words.title}</title>
      <h1 className="text-2xl">{words.title}</h1>
      <ProblemNotice problem={problem} fields={['name']} />
      <Section title={words.portal}>
        {mayChange ? (
          <Form method="post" className="flex max-w-xl flex-wrap items-end gap-3">
            <div className="min-w-0 flex-1 basis-64"><FormField label={words.portalName} name="name" required maxLength={100} defaultValue={portal.name} problem={problem} /></div>
            <Submit doing={words.saving} name="intent" value="portal">{words.save}</Submit>
          </Form>
        ) : <><Facts rows={[[words.portalName, portal.name]]} /><p className="text-sm text-muted">{words.readOnly}</p></>}
        <p className="max-w-[65ch] text-sm text-muted">{words.portalNameHint} {mayChange && words.drift}</p>
        <p><TextLink to="/workspace/settings/brand">{words.brand.link}</TextLink></p>
        <Facts rows={[[words.keyPrefix, <><code>{portal.keyPrefix}</code><span className="block max-w-[60ch] text-sm text-muted">{words.keyPrefixWhy}</span></>]]} />
      </Section>
      <Section title={words.addresses}><Facts rows={[[words.webUrl, <code className="break-all">{settings.webUrl}</code>], [words.gatewayUrl, <code className="break-all">{settings.gatewayUrl}</code>]]} /></Section>
      <Section title={words.mail}>
        <p>{settings.mailServer === null ? words.mailKept : words.mailSent(settings.mailServer)} {settings.mailServer === null && mayReadMail && <TextLink to="/outbox">{words.outbox}</TextLink>}</p>
        {mayChange && <Form method="post"><Submit kind="plain" doing={words.sendingTest} name="intent" value="test-mail">{words.sendTest}</Submit></Form>}
      </Section>
      <Section title={words.data}>
        <Facts rows={[
          [words.retentionWords.events, words.days(retention.eventDays)], [words.retentionWords.audit, words.days(retention.auditDays)], [words.retentionWords.spool, words.hours(retention.spoolHours)], [words.retentionWords.ledger, words.forGood],
          [words.store, words.engines[settings.engine]], [words.dataFolder, <code className="break-all">{settings.dataFolder}</code>],
        ]} />
      </Section>
      <Section title={words.configuration}>
        <p className="max-w-[65ch] text-muted">{words.configurationLead}</p>
        <p className="flex flex-wrap gap-x-6 gap-y-2"><FileLink href="/workspace/portico.yaml">{words.downloadYaml}</FileLink><FileLink href="/workspace/portico.json">{words.downloadAll}</FileLink></p>
      </Section>
      <Section title={words.backup}>
        <p className="max-w-[65ch] text-muted">{words.backupLead}</p>
        {mayBackUp ? <p><FileLink href="/api/v1/backup">{words.downloadBackup}</FileLink></p> : <p className="text-sm text-muted">{words.backupForbidden}</p>}
        <CodeBlock label={words.backupCommand} code="npx portico backup portico.backup" />
      </Section>
      <Section title={words.running}>
        <Facts rows={[
          [words.version, <>{settings.version} <Badge tone={status.ready ? 'good' : 'bad'}>{status.ready ? words.ready : words.notReady}</Badge></>],
          [words.gateways, words.gatewaysState(status.gateways.filter(({ connected }) => connected).length, status.gateways.length)],
          [words.disk, formatBytes(status.disk.store + status.disk.events + status.disk.spool)],
        ]} />
        <p><TextLink to="/workspace/system">{words.system}</TextLink></p>
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return <section className="grid gap-x-8 gap-y-3 border-t pt-5 md:grid-cols-[11rem_minmax(0,1fr)]"><h2 className="text-lg font-semibold">{title}</h2><div className="min-w-0 space-y-4">{children}</div></section>;
}

function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return <dl className="space-y-2">{rows.map(([name, value]) => <div key={name} className="grid gap-x-4 sm:grid-cols-[12rem_minmax(0,1fr)]"><dt className="text-muted">{name}</dt><dd className="min-w-0">{value}</dd></div>)}</dl>;
}

function FileLink({ href, children }: { href: string; children: ReactNode }) {
  return <a href={href} download className="inline-flex items-center gap-1.5 text-accent underline underline-offset-2 hover:no-underline"><Download className="size-4" aria-hidden="true" />{children}</a>;
}
