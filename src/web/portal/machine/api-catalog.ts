// RFC 9727: which APIs there are, as a link set (RFC 9264).
import { load } from '../../page.server.ts';
import { apiCatalog } from './api-catalog.server.ts';
import { readSite } from './site.server.ts';

export const loader = load(async ({ services }) => {
  const catalog = apiCatalog(await readSite(services));
  return new Response(JSON.stringify(catalog, null, 2), { headers: { 'content-type': 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"', link: `<${catalog.linkset[0]!.anchor}>; rel="api-catalog"` } });
});
