import { texts } from '../../texts.ts';
import { TextLink } from '../../ui/text-link.tsx';
import type { LinkView } from './set-view.server.ts';

/** What to read again; nothing where the exercise names nothing. */
export function ReadAgain({ links }: { links: LinkView[] }) {
  if (links.length === 0) return null;
  return <p className="flex flex-wrap gap-x-4 gap-y-1"><span className="text-muted">{texts.learn.readAgain}</span>{links.map(({ label, to }) => <TextLink key={to} to={to}>{label}</TextLink>)}</p>;
}
