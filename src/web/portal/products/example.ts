import { load } from '../../page.server.ts';

/** A whole example as text: pages show the beginning of long ones. */
export const loader = load(async ({ params, services, reader, url }) => {
  const { product: slug = '', version = '' } = params;
  const { searchParams } = url;
  const { body, contentType } = await services.reference.getExample(await reader(), slug, version, { operationSlug: searchParams.get('operation') ?? '', status: searchParams.get('status'), mediaType: searchParams.get('type') });
  // Whatever a document calls its media type, a browser shows it as text and runs nothing of it.
  return new Response(body, { headers: { 'content-type': /json/i.test(contentType) ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8' } });
});
