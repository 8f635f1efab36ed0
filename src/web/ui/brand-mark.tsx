import { useRouteLoaderData } from 'react-router';
import type { loader as rootLoader } from '../root.tsx';
import { Mark } from './mark.tsx';

/** The producer's logo, of the theme that shows; the mark without one. The name stands beside it. */
export function BrandMark({ narrow = false }: { /** Where there is little room beside the name. */ narrow?: boolean }) {
  const width = narrow ? 'max-w-16' : 'max-w-40';
  const brand = useRouteLoaderData<typeof rootLoader>('root')?.brand;
  if (!brand?.logo) return <Mark className="size-6 shrink-0 text-accent" />;
  return (
    <>
      <img src={brand.logo} alt="" className={`on-light h-7 w-auto shrink-0 object-contain ${width}`} />
      <img src={brand.logoDark ?? brand.logo} alt="" className={`on-dark h-7 w-auto shrink-0 object-contain ${width}`} />
    </>
  );
}
