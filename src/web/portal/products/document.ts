import { load } from '../../page.server.ts';

/** The OpenAPI document as consumers get it. Written while it is read: GitHub's is 12 MB. */
export const loader = load(async ({ params, services, viewer }) => {
  const chunks = await services.reference.getServedDocument(await viewer(), params['product']!, params['version']!);
  return new Response(ReadableStream.from(chunks).pipeThrough(new TextEncoderStream()) as BodyInit, { headers: { 'content-type': 'application/json; charset=utf-8' } });
});
