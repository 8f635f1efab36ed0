import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';

/** The pages of one area; scrolls sideways where it does not fit, to the page that is shown. */
export function SectionNav({ label, links }: { label: string; links: { to: string; text: string; end?: boolean }[] }) {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    const link = nav.current?.querySelector<HTMLElement>('[aria-current=page]');
    if (nav.current && link) nav.current.scrollLeft = Math.max(0, link.offsetLeft + link.offsetWidth - nav.current.clientWidth);
  }, [pathname]);
  return (
    <nav ref={nav} aria-label={label} className="relative overflow-x-auto border-b">
      <ul className="flex gap-x-5">
        {links.map(({ to, text, end }) => (
          <li key={to}><NavLink to={to} end={end} className="-mb-px block border-b-2 border-transparent py-2 whitespace-nowrap text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink">{text}</NavLink></li>
        ))}
      </ul>
    </nav>
  );
}
