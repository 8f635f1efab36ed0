import { useRef, useState, type ReactNode } from 'react';
import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import type { BrandFile } from '../../../control/services.ts';
import { flashCookie } from '../../flash.server.ts';
import { act, load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Submit } from '../../ui/button.tsx';
import { Checkbox, FormField } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useHydrated } from '../../ui/use-hydrated.ts';
import { useMay } from '../use-may.ts';
import { AccentPreview } from './accent-preview.tsx';
import { readBrandForm } from './brand-form.server.ts';

const words = texts.workspaceSettings.brand;
const files = ['logo', 'logo-dark', 'font-text', 'font-code'] as const satisfies readonly BrandFile[];
const accepted: Record<BrandFile, string> = { 'logo': '.svg,.png', 'logo-dark': '.svg,.png', 'font-text': '.woff2', 'font-code': '.woff2' };
const linksMax = 20;
const spareRows = 2;

export const loader = load(async ({ services, member }) => ({ settings: await services.configuration.portalSettings(await member()) }));

export const action = act(async ({ form, services, member }): Promise<{ problem?: undefined }> => {
  await services.configuration.editPortal(await member(), await readBrandForm(form));
  throw redirect('/workspace/settings/brand', { headers: { 'set-cookie': flashCookie(words.saved) } });
});

/** Also after a conflict: the next save is one of what the loader has read since. */
export const shouldRevalidate = () => true;

export default function BrandSettings() {
  const { settings } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('configuration.change');
  const rows = Math.min(linksMax, settings.footer.length + spareRows);
  return (
    <div className="max-w-4xl space-y-8">
      <title>{words.title}</title>
      <BackLink to="/workspace/settings">{texts.workspaceSettings.title}</BackLink>
      <div className="space-y-1"><h1 className="text-2xl">{words.title}</h1><p className="max-w-[65ch] text-muted">{words.lead}</p></div>
      <ProblemNotice problem={problem} fields={['headline', 'accent', ...files, ...Array.from({ length: rows }, (_, row) => [`footer/${row}/label`, `footer/${row}/url`]).flat()]} />
      <Form method="post" encType="multipart/form-data" key={problem ? 'again' : settings.fingerprint}>
        <input type="hidden" name="editedFrom" value={settings.fingerprint} />
        <fieldset disabled={!mayChange} className="space-y-8">
          <Section title={texts.workspaceSettings.portal}><FormField label={words.headline} name="headline" maxLength={160} hint={words.headlineHint} defaultValue={settings.headline ?? ''} problem={problem} /></Section>
          <Section title={words.colour}><Accent present={problem?.values?.['accent'] ?? settings.accent ?? ''} problem={problem} /></Section>
          <Section title={words.files}>{files.map((file) => <FileField key={file} file={file} hash={settings.files[file]} problem={problem} />)}</Section>
          <Section title={words.footer}>
            <p className="max-w-[65ch] text-sm text-muted">{words.footerHint}</p>
            {Array.from({ length: rows }, (_, row) => (
              <div key={row} className="grid gap-3 sm:grid-cols-[14rem_minmax(0,1fr)]">
                <FormField label={words.label(String(row + 1))} name={`footer/${row}/label`} maxLength={60} defaultValue={settings.footer[row]?.label ?? ''} problem={problem} />
                <FormField label={words.url(String(row + 1))} name={`footer/${row}/url`} maxLength={2_000} spellCheck={false} defaultValue={settings.footer[row]?.url ?? ''} problem={problem} />
              </div>
            ))}
          </Section>
        </fieldset>
        <p className="mt-6 max-w-[65ch] text-sm text-muted">{mayChange ? texts.workspaceSettings.drift : texts.workspaceSettings.readOnly}</p>
        {mayChange && <div className="mt-3"><Submit doing={words.saving}>{words.save}</Submit></div>}
      </Form>
    </div>
  );
}

type Problem = NonNullable<ReturnType<typeof useActionData<typeof action>>>['problem'];

/** The preview follows what is typed or picked; without scripts it shows what is in force. */
function Accent({ present, problem }: { present: string; problem: Problem }) {
  const [colour, setColour] = useState(present);
  const field = useRef<HTMLInputElement>(null);
  const hydrated = useHydrated();
  const pick = (chosen: string): void => {
    if (field.current) field.current.value = chosen;
    setColour(chosen);
  };
  return (
    <>
      <div className="flex flex-wrap items-start gap-3">
        <div className="w-full max-w-md"><FormField ref={field} label={words.accent} name="accent" maxLength={7} spellCheck={false} autoCapitalize="none" hint={words.accentHint} defaultValue={present} problem={problem} onInput={(event) => setColour(event.currentTarget.value.trim())} /></div>
        {hydrated && <input type="color" aria-label={words.pick} value={/^#[0-9a-f]{6}$/i.test(colour) ? colour : '#808080'} onChange={(event) => pick(event.target.value)} className="mt-6 h-9 w-12 cursor-pointer rounded-md border border-edge bg-raised p-1" />}
      </div>
      <AccentPreview colour={colour} />
    </>
  );
}

function FileField({ file, hash, problem }: { file: BrandFile; hash: string | null; problem: Problem }) {
  return (
    <div className="grid gap-3 border-t pt-4 first:border-t-0 first:pt-0 sm:grid-cols-2">
      <FormField label={words.file[file]} name={file} type="file" accept={accepted[file]} hint={words.fileHint[file]} problem={problem} />
      {hash !== null && (
        <div className="space-y-2 text-sm">
          <p className="text-muted">{words.present} <code className="text-xs">{hash.slice(0, 12)}</code>. {words.replaces}</p>
          {file.startsWith('logo') && <img src={`/brand/${hash}/${file}`} alt="" className={`h-8 w-auto rounded-sm ${file === 'logo-dark' ? 'bg-[#0d131f]' : ''}`} />}
          <Checkbox label={words.remove} name="remove" value={file} />
        </div>
      )}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return <section className="grid gap-x-8 gap-y-3 border-t pt-5 md:grid-cols-[11rem_minmax(0,1fr)]"><h2 className="text-lg font-semibold">{title}</h2><div className="min-w-0 space-y-4">{children}</div></section>;
}
