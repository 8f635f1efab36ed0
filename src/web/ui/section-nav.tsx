import { NavLink } from 'react-router';

/** The pages of one area; scrolls sideways where it does not fit. */
export function SectionNav({ label, links }: { label: string; links: { to: string; text: string; end?: boolean }[] }) {
  return (
    <nav aria-label={label} className="overflow-x-auto border-b">
      <ul className="flex gap-x-5">
        {links.map(({ to, text, end }) => (
          <li key={to}><NavLink to={to} end={end} className="-mb-px block border-b-2 border-transparent py-2 whitespace-nowrap text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink">{text}</NavLink></li>
        ))}
      </ul>
    </nav>
  );
}
