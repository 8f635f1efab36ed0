import { Link } from 'react-router';
import type { ArticleSummary } from '../../../control/services.ts';

/** Guides side by side, each below a hairline; the whole column leads there. */
export function GuideList({ slug, guides, title }: { slug: string; guides: Pick<ArticleSummary, 'slug' | 'title' | 'description'>[]; title: string }) {
  if (guides.length === 0) return null;
  return (
    <section aria-labelledby="guides" className="space-y-5">
      <h2 id="guides" className="text-xl">{title}</h2>
      <ul className="grid gap-x-8 sm:grid-cols-2 lg:grid-cols-3">
        {guides.map((guide) => (
          <li key={guide.slug} className="group relative space-y-1 border-t py-4">
            <Link to={`/${slug}/guides/${guide.slug}`} className="font-semibold after:absolute after:inset-0 group-hover:text-accent">{guide.title}</Link>
            <p className="max-w-[48ch] text-muted">{guide.description}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
