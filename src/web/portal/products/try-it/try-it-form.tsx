import { texts } from '../../../texts.ts';
import { chosenContent, fieldId, isFileType, type TryItField, type TryItOperation } from './build-call.ts';
import type { TryItState } from './use-try-it.ts';

const words = texts.tryIt;
const control = 'w-full min-h-9 rounded-md border border-edge bg-raised px-2.5 text-base text-ink aria-invalid:border-bad';

/** One field per parameter, and the body. `prefix` keeps ids apart where a page holds several forms. */
export function TryItFields({ operation, state, prefix }: { operation: TryItOperation; state: TryItState; prefix: string }) {
  const { body } = operation;
  const content = chosenContent(operation, state.values);
  return (
    <div className="space-y-3">
      {operation.fields.map((field) => <Field key={fieldId(field)} field={field} state={state} prefix={prefix} />)}
      {body?.others && body.others.length > 0 && (
        <Labelled id={`${prefix}-mediaType`} name={words.bodyType} code={false} required={false} mistake={undefined}>
          {(aria) => <select {...aria} value={content!.mediaType} onChange={({ target }) => state.chooseType(target.value)} className={control}>{[body, ...body.others!].map(({ mediaType }) => <option key={mediaType}>{mediaType}</option>)}</select>}
        </Labelled>
      )}
      {body && content && (
        <Labelled key={content.mediaType} id={`${prefix}-body`} name={words.bodyOf(content.mediaType)} code={false} required={body.required} mistake={state.mistakes['body']} hint={isFileType(content.mediaType) ? words.fileHint : undefined}>
          {(aria) => isFileType(content.mediaType) ? <input {...aria} type="file" onChange={({ target }) => state.setFile(target.files?.[0] ?? null)} className={`${control} py-1.5`} /> : <textarea {...aria} rows={Math.min(16, Math.max(4, (state.values['body'] ?? '').split('\n').length))} spellCheck={false} value={state.values['body'] ?? ''} onChange={({ target }) => state.setValue('body', target.value)} className={`${control} py-2 font-mono text-sm`} />}
        </Labelled>
      )}
    </div>
  );
}

function Field({ field, state, prefix }: { field: TryItField; state: TryItState; prefix: string }) {
  const key = fieldId(field);
  const value = state.values[key] ?? '';
  const change = ({ target }: { target: { value: string } }) => state.setValue(key, target.value);
  const hint = field.kind === 'list' ? words.listHint : field.kind === 'object' ? words.objectHint : field.in === 'cookie' ? words.cookieHint : undefined;
  return (
    <Labelled id={`${prefix}-${key}`} name={field.name} code required={field.required} mistake={state.mistakes[key]} hint={hint}>
      {(aria) => {
        const choices = field.values ?? (field.kind === 'boolean' ? [words.yes, words.no] : undefined);
        if (choices) return <select {...aria} value={value} onChange={change} className={control}><option value="">{words.choose}</option>{choices.map((choice) => <option key={choice}>{choice}</option>)}</select>;
        if (field.kind === 'list' || field.kind === 'object') return <textarea {...aria} rows={2} spellCheck={false} value={value} onChange={change} className={`${control} py-1.5 font-mono text-sm`} />;
        return <input {...aria} type="text" inputMode={field.kind === 'integer' ? 'numeric' : field.kind === 'number' ? 'decimal' : 'text'} autoComplete="off" spellCheck={false} value={value} onChange={change} className={control} />;
      }}
    </Labelled>
  );
}

interface Aria { id: string; 'aria-invalid': true | undefined; 'aria-required': true | undefined; 'aria-describedby': string | undefined }

function Labelled({ id, name, code, required, mistake, hint, children }: { id: string; name: string; code: boolean; required: boolean; mistake: keyof typeof texts.tryIt.mistake | undefined; hint?: string | undefined; children: (aria: Aria) => React.ReactNode }) {
  const describedBy = [hint && `${id}-hint`, mistake && `${id}-mistake`].filter(Boolean).join(' ') || undefined;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="flex flex-wrap items-baseline gap-x-2 text-sm">{code ? <code className="font-semibold break-all">{name}</code> : <span className="font-medium">{name}</span>}{required && ' '}{required && <span className="text-bad">{words.required}</span>}</label>
      {children({ id, 'aria-invalid': mistake ? true : undefined, 'aria-required': required ? true : undefined, 'aria-describedby': describedBy })}
      {hint && <p id={`${id}-hint`} className="text-sm text-muted">{hint}</p>}
      {mistake && <p id={`${id}-mistake`} className="text-sm text-bad">{words.mistake[mistake]}</p>}
    </div>
  );
}
