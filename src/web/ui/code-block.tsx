import { useId, type ReactNode } from 'react';
import { texts } from '../texts.ts';
import { CopyButton } from './copy-button.tsx';
import { useCodeLanguage } from './use-code-language.ts';

/** `html` is made by highlight.server.ts; without it the code stands in one colour. */
export interface CodeSample { label: string; language: string; code: string; html?: string | undefined }

type CodeBlockProps =
  | { samples: CodeSample[]; title?: ReactNode; copy?: boolean }
  | { label: string; code: string; html?: string | undefined; language?: string; copy?: boolean };

/** Code as it is to be pasted. Several samples stand behind tabs, and all blocks of all pages follow the language once chosen. */
export function CodeBlock(props: CodeBlockProps) {
  const samples = 'samples' in props ? props.samples : [{ label: props.label, language: props.language ?? '', code: props.code, html: props.html }];
  const title = 'samples' in props ? props.title : props.label;
  const name = useId();
  const [chosen, choose] = useCodeLanguage(samples.map(({ language }) => language));
  const first = samples[chosen] ?? samples[0]!;
  return (
    <figure className={`overflow-hidden rounded-md border bg-sunken ${samples.length > 1 ? 'choice' : ''}`}>
      <figcaption className="flex min-h-10 items-center justify-between gap-3 border-b py-1 pr-1 pl-3 text-sm text-muted">
        {title && <span className="min-w-0 truncate">{title}</span>}
        {samples.length > 1 && (
          <span role="radiogroup" aria-label={texts.ui.language} className="-my-1 flex min-w-0 flex-1 gap-x-3 overflow-x-auto">
            {samples.map(({ label, language }, index) => (
              <label key={label} className="choice-tab cursor-pointer border-b-2 border-transparent py-2 whitespace-nowrap hover:text-ink has-checked:border-accent has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent">
                <input type="radio" name={name} value={language} checked={index === chosen} onChange={() => choose(language)} className="sr-only" />{label}
              </label>
            ))}
          </span>
        )}
        {props.copy !== false && <span className="ml-auto flex min-h-7 shrink-0"><CopyButton text={withoutPrompt(first.code, first.language)} /></span>}
      </figcaption>
      <div>
        {samples.map(({ label, code, html }) => (
          <pre key={label} className={`overflow-x-auto p-3 text-sm leading-relaxed ${samples.length > 1 ? 'choice-panel' : ''}`} tabIndex={0} aria-label={label}>
            {html === undefined ? <code>{code}</code> : <code dangerouslySetInnerHTML={{ __html: html }} />}
          </pre>
        ))}
      </div>
    </figure>
  );
}

/** Shell lines without the `$ ` that stands before them. */
export function withoutPrompt(code: string, language: string): string {
  return ['bash', 'sh', 'shell', 'curl', ''].includes(language) ? code.replaceAll(/^\$ /gm, '') : code;
}
