// The producer's accent and fonts. The address carries the hash of the text, so it may be kept for ever; an old one answers with what is in force.
import { load, refusal } from '../../page.server.ts';

export const loader = load(async ({ params, services, web }) => {
  const sheet = await services.content.stylesheet();
  if (!sheet) throw refusal('not_found', 'This portal has no stylesheet of its own.', web);
  return new Response(sheet.text, { headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': params['hash'] === sheet.hash ? 'public, max-age=31536000, immutable' : 'no-store' } });
});
