import { Readable } from 'node:stream';
import { load } from '../../page.server.ts';

/** The OpenAPI document as consumers get it. Written while it is read: GitHub's is 12 MB. */
export const loader = load(async ({ params, services, reader }) => {
  const chunks = await services.reference.getServedDocument(await reader(), params['product']!, params['version']!);
  const text = Readable.toWeb(Readable.from(encoded(chunks))) as unknown as BodyInit;
  return new Response(text, { headers: { 'content-type': 'application/json; charset=utf-8' } });
});

async function* encoded(chunks: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}
