import { ButtonLink } from './button.tsx';

export function Paging({ first, next }: { first: string | null; next: string | null }) {
  if (first === null && next === null) return null;
  return (
    <nav aria-label="Pages" className="flex gap-2">
      {first !== null && <ButtonLink kind="plain" to={first}>Newest</ButtonLink>}
      {next !== null && <ButtonLink kind="plain" to={next}>Older</ButtonLink>}
    </nav>
  );
}
