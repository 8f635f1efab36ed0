import type { ComponentProps, ReactNode } from 'react';
import type { Problem } from '../page.server.ts';

const control = 'w-full min-h-9 rounded-md border border-edge bg-raised px-2.5 text-base text-ink placeholder:text-muted aria-invalid:border-bad';

interface Framing { label: string; name: string; hint?: ReactNode; problem?: Problem | undefined }

/** A labelled input with the mistake of its last submission beneath it. */
export function FormField({ label, name, hint, problem, ...input }: Framing & ComponentProps<'input'>) {
  const mistake = mistakeOf(problem, name);
  const id = input.id ?? `field-${name}`;
  return (
    <Frame {...{ id, label, hint, mistake }}>
      <input {...input} defaultValue={problem?.values?.[name] ?? input.defaultValue} id={id} name={name} aria-invalid={mistake ? true : undefined} aria-describedby={describedBy(id, hint, mistake)} className={`${control} ${input.type === 'file' ? 'py-1.5' : ''}`} />
    </Frame>
  );
}

export function SelectField({ label, name, hint, problem, children, ...select }: Framing & ComponentProps<'select'>) {
  const mistake = mistakeOf(problem, name);
  const id = select.id ?? `field-${name}`;
  return (
    <Frame {...{ id, label, hint, mistake }}>
      <select {...select} defaultValue={problem?.values?.[name] ?? select.defaultValue} id={id} name={name} aria-invalid={mistake ? true : undefined} aria-describedby={describedBy(id, hint, mistake)} className={control}>{children}</select>
    </Frame>
  );
}

function Frame({ id, label, hint, mistake, children }: { id: string; label: string; hint?: ReactNode; mistake: string | undefined; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      {children}
      {hint && <p id={`${id}-hint`} className="text-sm text-muted">{hint}</p>}
      {mistake && <p id={`${id}-mistake`} className="text-sm text-bad">{mistake}</p>}
    </div>
  );
}

function mistakeOf(problem: Problem | undefined, name: string): string | undefined {
  return problem?.errors.find((place) => place.pointer === `/${name}`)?.detail;
}

function describedBy(id: string, hint: ReactNode, mistake: string | undefined): string | undefined {
  return [hint && `${id}-hint`, mistake && `${id}-mistake`].filter(Boolean).join(' ') || undefined;
}
