// Whether something answers where calls are forwarded to: one real connection each, now.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Actor, UpstreamCheck } from '../services.ts';
import { getProductRow } from './edit-product.ts';
import { productConfigOf } from './product-rows.ts';
import { upstreamOf } from '../versions/upstream-column.ts';

const addressesMax = 12;

/** Any HTTP answer is an answer, whatever its status: what the upstream serves at its root is its own affair. */
export async function checkUpstreams({ database, clock }: Pick<ControlDeps, 'database' | 'clock'>, actor: Actor, slug: string): Promise<UpstreamCheck[]> {
  requireRight(actor, 'products.change');
  const product = await getProductRow(database.kysely, slug);
  const versions = await database.kysely.selectFrom('version').select(['name', 'upstream']).where('product_id', '=', product.id).where('upstream', 'is not', null).orderBy('position').limit(addressesMax).execute();
  const { connectTimeoutMs, furtherUpstreams } = productConfigOf(product);
  const places = [
    ...[product.upstream, ...furtherUpstreams.slice(0, addressesMax)].map((address) => ({ use: 'upstream', address })),
    ...(product.test_upstream === null || product.test_upstream === 'examples' ? [] : [{ use: 'test upstream', address: product.test_upstream }]),
    ...versions.flatMap(({ name, upstream }) => [upstreamOf(upstream)!].flat().slice(0, addressesMax).map((address) => ({ use: `upstream of ${name}`, address }))),
  ];
  return Promise.all(places.map(async (place) => ({ ...place, ...(await connect(place.address, connectTimeoutMs)), at: clock.now() })));
}

function connect(address: string, timeoutMs: number): Promise<Pick<UpstreamCheck, 'reachable' | 'status' | 'durationMs' | 'detail'>> {
  const begun = performance.now();
  const took = (): number => Math.round((performance.now() - begun) * 10) / 10;
  const failed = (error: NodeJS.ErrnoException) => ({ reachable: false, status: null, durationMs: took(), detail: reason(error) });
  return new Promise((resolve) => {
    const send = address.startsWith('https:') ? requestHttps : requestHttp;
    const request = send(address, { method: 'HEAD', agent: false, headers: { 'user-agent': 'Portico upstream check' }, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      response.resume();
      response.once('error', () => undefined);
      resolve({ reachable: true, status: response.statusCode ?? null, durationMs: took(), detail: '' });
    });
    request.once('error', (error) => resolve(failed(error)));
    request.end();
  });
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens at this address: the connection was refused.', ENOTFOUND: 'The name of the host is not known.', EAI_AGAIN: 'The name of the host could not be looked up.',
  ECONNRESET: 'The connection was closed before an answer.', EHOSTUNREACH: 'There is no way to this host.', ENETUNREACH: 'There is no way to this network.', ABORT_ERR: 'There was no answer within the time for connecting.',
};

function reason(error: NodeJS.ErrnoException): string {
  const code = error.code ?? (error.name === 'TimeoutError' ? 'ABORT_ERR' : '');
  return reasons[code] ?? error.message;
}
