import { useRef, useState, type ComponentType, type ReactNode } from 'react';
import { Form, Link } from 'react-router';
import type { LiveMenuProps } from './menu-live.tsx';

export type MenuEntry =
  | { kind: 'link'; to: string; text: string; icon?: ReactNode }
  /** Posts `fields` to `action`. */
  | { kind: 'post'; action: string; fields?: Record<string, string>; text: string; icon?: ReactNode }
  | { kind: 'note'; text: ReactNode }
  | { kind: 'line' };

export interface MenuProps { label: string; trigger: ReactNode; triggerClass?: string; align?: 'start' | 'end'; entries: MenuEntry[] }

const plainTrigger = 'inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-md px-2 text-muted hover:bg-sunken hover:text-ink';
export const menuFrame = 'z-30 min-w-52 max-w-[85vw] rounded-md border border-line bg-raised p-1 shadow-float';

/** Links and deeds behind one button. Without script it unfolds; what moves through it by arrow keys and letters is loaded when a reader comes near. */
export function Menu({ label, trigger, triggerClass = plainTrigger, align = 'end', entries }: MenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  const [live, setLive] = useState<{ Live: ComponentType<LiveMenuProps>; open: boolean; focus: boolean }>();
  const enliven = async (): Promise<void> => {
    const { LiveMenu: Live } = await import('./menu-live.tsx');
    setLive((known) => known ?? { Live, open: details.current?.open ?? false, focus: details.current?.contains(document.activeElement) ?? false });
  };
  if (live) return <live.Live {...{ label, trigger, triggerClass, align, entries }} open={live.open} focus={live.focus} />;
  return (
    <details ref={details} className="relative" name="menu" onPointerEnter={() => void enliven()} onFocus={() => void enliven()}>
      <summary aria-label={label} className={`${triggerClass} list-none [&::-webkit-details-marker]:hidden`}>{trigger}</summary>
      <div className={`absolute ${align === 'end' ? 'right-0' : 'left-0'} mt-1 ${menuFrame}`}>{entries.map((entry, index) => <PlainEntry key={index} entry={entry} />)}</div>
    </details>
  );
}

function PlainEntry({ entry }: { entry: MenuEntry }) {
  if (entry.kind === 'line') return <hr className="my-1" />;
  if (entry.kind === 'note') return <p className="px-2 py-1.5 text-sm text-muted">{entry.text}</p>;
  if (entry.kind === 'link') return <Link to={entry.to} className="menu-item">{entry.icon}{entry.text}</Link>;
  return <PostForm entry={entry} button={<button type="submit" className="menu-item">{entry.icon}{entry.text}</button>} />;
}

export function PostForm({ entry, button }: { entry: Extract<MenuEntry, { kind: 'post' }>; button: ReactNode }) {
  return (
    <Form method="post" action={entry.action}>
      {Object.entries(entry.fields ?? {}).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
      {button}
    </Form>
  );
}
