// Logos, fonts and images of guides, by the hash of their bytes. An image of a product that the reader may not see is not there for them. The sandbox keeps an SVG that is opened by itself from running anything.
import { load, refusal } from '../../page.server.ts';

export const loader = load(async ({ params, request, services, searcher, web }) => {
  const hash = params['hash'] ?? '';
  const asset = /^[0-9a-f]{64}$/.test(hash) ? await services.content.findAsset(await searcher(), hash) : undefined;
  if (!asset) throw refusal('not_found', 'There is no file at this address.', web);
  const headers = { 'content-type': asset.mediaType, 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox", 'cache-control': asset.open ? 'public, max-age=31536000, immutable' : 'private, no-cache', 'cross-origin-resource-policy': 'same-origin', etag: `"${hash}"` };
  return request.headers.get('if-none-match') === headers.etag ? new Response(null, { status: 304, headers }) : new Response(asset.bytes, { headers });
});
