import { useLayoutEffect, useState, type ComponentProps, type ReactNode } from 'react';
import type { Problem } from '../page.server.ts';
import { ChevronDown } from './icon.ts';
import { useHydrated } from './use-hydrated.ts';

const control = 'w-full min-h-9 rounded-md border border-edge bg-raised px-2.5 text-base text-ink placeholder:text-muted aria-invalid:border-bad disabled:opacity-60';

interface Framing { label: ReactNode; name: string; hint?: ReactNode; problem?: Problem | undefined }

/** A labelled input with the mistake of its last submission beneath it. `after` stands inside, at its end. */
export function FormField({ label, name, hint, problem, after, ...input }: Framing & ComponentProps<'input'> & { after?: ReactNode }) {
  const { id, mistake, aria } = fieldOf(input.id, name, hint, problem);
  return (
    <Frame {...{ id, label, hint, mistake }}>
      <span className="relative">
        <input {...input} {...aria} defaultValue={problem?.values?.[name] ?? input.defaultValue} id={id} name={name} className={`${control} ${input.type === 'file' ? 'py-1.5' : ''} ${after ? 'pr-11' : ''}`} />
        {after}
      </span>
    </Frame>
  );
}

export function TextArea({ label, name, hint, problem, code = false, ...area }: Framing & ComponentProps<'textarea'> & { code?: boolean }) {
  const { id, mistake, aria } = fieldOf(area.id, name, hint, problem);
  useTypedBefore(id);
  return (
    <Frame {...{ id, label, hint, mistake }}>
      <textarea rows={4} {...area} {...aria} defaultValue={problem?.values?.[name] ?? area.defaultValue} id={id} name={name} className={`${control} py-2 ${code ? 'font-mono text-sm' : ''}`} />
    </Frame>
  );
}

/** React sets a text area (and no other field) back to its first value when it takes over the page: what was typed until then is put back. */
function useTypedBefore(id: string): void {
  const hydrated = useHydrated();
  const [typed] = useState(() => (hydrated || typeof document === 'undefined' ? undefined : findTextArea(id)?.value));
  useLayoutEffect(() => {
    const area = findTextArea(id);
    if (typed !== undefined && area && area.value !== typed) area.value = typed;
  }, [id, typed]);
}

function findTextArea(id: string): HTMLTextAreaElement | null {
  return document.querySelector<HTMLTextAreaElement>(`textarea[id=${JSON.stringify(id)}]`);
}

export function SelectField({ label, name, hint, problem, children, ...select }: Framing & ComponentProps<'select'>) {
  const { id, mistake, aria } = fieldOf(select.id, name, hint, problem);
  return (
    <Frame {...{ id, label, hint, mistake }}>
      <span className="relative">
        <select {...select} {...aria} defaultValue={problem?.values?.[name] ?? select.defaultValue} id={id} name={name} className={`${control} appearance-none pr-8`}>{children}</select>
        <ChevronDown className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted" aria-hidden="true" />
      </span>
    </Frame>
  );
}

export function Checkbox({ label, name, hint, problem, ...input }: Framing & ComponentProps<'input'>) {
  const { id, mistake, aria } = fieldOf(input.id ?? (input.value === undefined ? undefined : `field-${name}-${input.value}`), name, hint, problem);
  return (
    <div>
      <label htmlFor={id} className="inline-flex min-h-6 cursor-pointer items-start gap-2">
        <input {...input} {...aria} type="checkbox" id={id} name={name} className="mt-[3px] size-4 shrink-0 accent-accent" />
        <span>{label}</span>
      </label>
      <Notes {...{ id, hint, mistake }} />
    </div>
  );
}

function Frame({ id, label, hint, mistake, children }: { id: string; label: ReactNode; hint?: ReactNode; mistake: string | undefined; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      {children}
      <Notes {...{ id, hint, mistake }} />
    </div>
  );
}

function Notes({ id, hint, mistake }: { id: string; hint?: ReactNode; mistake: string | undefined }) {
  return (
    <>
      {hint && <p id={`${id}-hint`} className="text-sm text-muted">{hint}</p>}
      {mistake && <p id={`${id}-mistake`} className="text-sm text-bad">{mistake}</p>}
    </>
  );
}

function fieldOf(given: string | undefined, name: string, hint: ReactNode, problem: Problem | undefined) {
  const id = given ?? `field-${name}`;
  const mistake = problem?.errors.find((place) => place.pointer === `/${name}`)?.detail;
  const describedBy = [hint && `${id}-hint`, mistake && `${id}-mistake`].filter(Boolean).join(' ') || undefined;
  return { id, mistake, aria: { 'aria-invalid': mistake ? true as const : undefined, 'aria-describedby': describedBy } };
}
