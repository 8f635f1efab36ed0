import { Content, Item, Portal, Root, Separator, Trigger } from 'radix-ui/dropdown-menu';
import { Link } from 'react-router';
import { menuFrame, PostForm, type MenuEntry, type MenuProps } from './menu.tsx';

export type LiveMenuProps = Required<MenuProps> & { open: boolean; focus: boolean };

/** The menu with arrow keys and letters; it takes over the state and the focus of the one that it replaces. */
export function LiveMenu({ label, trigger, triggerClass, align, entries, open, focus }: LiveMenuProps) {
  return (
    <Root modal={false} defaultOpen={open}>
      <Trigger aria-label={label} autoFocus={focus} className={triggerClass}>{trigger}</Trigger>
      <Portal>
        <Content align={align} sideOffset={4} collisionPadding={8} className={`floating ${menuFrame}`}>
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
