// Logos, fonts and images of guides, by the hash of their bytes. The sandbox keeps an SVG that is opened by itself from running anything.
import { load, refusal } from '../../page.server.ts';

export const loader = load(async ({ params, request, services, web }) => {
  const hash = params['hash'] ?? '';
  const asset = /^[0-9a-f]{64}$/.test(hash) ? await services.content.findAsset(hash) : undefined;
  if (!asset) throw refusal('not_found', 'There is no file at this address.', web);
  const headers = { 'content-type': asset.mediaType, 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox", 'cache-control': 'public, max-age=31536000, immutable', 'cross-origin-resource-policy': 'same-origin', etag: `"${hash}"` };
  return request.headers.get('if-none-match') === headers.etag ? new Response(null, { status: 304, headers }) : new Response(asset.bytes, { headers });
});
