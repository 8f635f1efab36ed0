import { Content, Item, Portal, Root, Separator, Trigger } from 'radix-ui/dropdown-menu';
import type { ReactNode } from 'react';
import { Form, Link } from 'react-router';
import { useHydrated } from './use-hydrated.ts';

export type MenuEntry =
  | { kind: 'link'; to: string; text: string; icon?: ReactNode }
  /** Posts `fields` to `action`. */
  | { kind: 'post'; action: string; fields?: Record<string, string>; text: string; icon?: ReactNode }
  | { kind: 'note'; text: ReactNode }
  | { kind: 'line' };

interface MenuProps { label: string; trigger: ReactNode; triggerClass?: string; align?: 'start' | 'end'; entries: MenuEntry[] }

const plainTrigger = 'inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-md px-2 text-muted hover:bg-sunken hover:text-ink';
const frame = 'z-30 min-w-52 max-w-[85vw] rounded-md border border-line bg-raised p-1 shadow-float';

/** Links and deeds behind one button; arrow keys and letters move through them. Without script it unfolds. */
export function Menu({ label, trigger, triggerClass = plainTrigger, align = 'end', entries }: MenuProps) {
  const hydrated = useHydrated();
  if (!hydrated) {
    return (
      <details className="relative" name="menu">
        <summary aria-label={label} className={`${triggerClass} list-none [&::-webkit-details-marker]:hidden`}>{trigger}</summary>
        <div className={`absolute ${align === 'end' ? 'right-0' : 'left-0'} mt-1 ${frame}`}>{entries.map((entry, index) => <PlainEntry key={index} entry={entry} />)}</div>
      </details>
    );
  }
  return (
    <Root modal={false}>
      <Trigger aria-label={label} className={triggerClass}>{trigger}</Trigger>
      <Portal>
        <Content align={align} sideOffset={4} collisionPadding={8} className={`floating ${frame}`}>
          {entries.map((entry, index) => <LiveEntry key={index} entry={entry} />)}
        </Content>
      </Portal>
    </Root>
  );
}

function LiveEntry({ entry }: { entry: MenuEntry }) {
  if (entry.kind === 'line') return <Separator className="my-1 border-t" />;
  if (entry.kind === 'note') return <div className="px-2 py-1.5 text-sm text-muted">{entry.text}</div>;
  if (entry.kind === 'link') return <Item asChild><Link to={entry.to} className="menu-item">{entry.icon}{entry.text}</Link></Item>;
  return <PostForm entry={entry} button={<Item asChild onSelect={(event) => { event.preventDefault(); (event.currentTarget as HTMLButtonElement).form?.requestSubmit(); }}><button type="button" className="menu-item">{entry.icon}{entry.text}</button></Item>} />;
}

function PlainEntry({ entry }: { entry: MenuEntry }) {
  if (entry.kind === 'line') return <hr className="my-1" />;
  if (entry.kind === 'note') return <p className="px-2 py-1.5 text-sm text-muted">{entry.text}</p>;
  if (entry.kind === 'link') return <Link to={entry.to} className="menu-item">{entry.icon}{entry.text}</Link>;
  return <PostForm entry={entry} button={<button type="submit" className="menu-item">{entry.icon}{entry.text}</button>} />;
}

function PostForm({ entry, button }: { entry: Extract<MenuEntry, { kind: 'post' }>; button: ReactNode }) {
  return (
    <Form method="post" action={entry.action}>
      {Object.entries(entry.fields ?? {}).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
      {button}
    </Form>
  );
}
