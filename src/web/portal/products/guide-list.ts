// A product's guides begin with its first one.
import { redirect } from 'react-router';
import { load, refusal } from '../../page.server.ts';
import { texts } from '../../texts.ts';

export const loader = load(async ({ params, services, reader, web }) => {
  const [first] = await services.content.listGuides(await reader(), params['product']!);
  if (!first) throw refusal('not_found', texts.article.noGuides, web);
  return redirect(`/${params['product']}/guides/${first.slug}`);
});
