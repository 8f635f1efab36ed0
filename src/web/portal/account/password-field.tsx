import { useState, type ComponentProps } from 'react';
import { texts } from '../../texts.ts';
import { FormField } from '../../ui/form-field.tsx';
import { Eye, EyeOff } from '../../ui/icon.ts';
import { useHydrated } from '../../ui/use-hydrated.ts';

const words = texts.account;

/** A password, which its owner may look at. A new one says its rules before it is typed. */
export function PasswordField({ isNew = false, ...field }: Omit<ComponentProps<typeof FormField>, 'type' | 'autoComplete' | 'minLength' | 'maxLength' | 'after' | 'label' | 'name'> & { isNew?: boolean; label?: string }) {
  const [shown, show] = useState(false);
  const hydrated = useHydrated();
  const Icon = shown ? EyeOff : Eye;
  return (
    <FormField
      label={words.password}
      {...field}
      name="password"
      type={shown ? 'text' : 'password'}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      {...(isNew && { minLength: 10, hint: field.hint ?? words.passwordRule })}
      maxLength={128}
      autoCapitalize="none"
      spellCheck={false}
      after={hydrated && (
        <button type="button" aria-pressed={shown} onClick={() => show(!shown)} className="absolute inset-y-0 right-0 inline-flex w-10 cursor-pointer items-center justify-center rounded-md text-muted hover:text-ink">
          <Icon className="size-4" aria-hidden="true" />
          <span className="sr-only">{words.showPassword}</span>
        </button>
      )}
    />
  );
}
