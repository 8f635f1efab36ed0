import type { Actor, RequestRow, Services } from '../../control/services.ts';
import { highlight } from '../highlight.server.ts';
import type { CodeSample } from '../ui/code-block.tsx';
import { codeSamples, sampleCall } from '../portal/products/code-samples.ts';
import { recordedCall } from './recorded-call.ts';

export interface CallCode { samples: CodeSample[]; /** The operation's reference page. */ reference: string }

/** The same call as code, or null when the contract no longer has its operation. Values that were not kept stand as VALUE or as in the sample. */
export async function readCallCode(services: Services, actor: Actor, request: RequestRow): Promise<CallCode | null> {
  const { productSlug, version, operation, mode, fields } = request;
  if (version === null || operation === null) return null;
  try {
    const product = await services.products.get(actor, productSlug);
    const summary = (await services.products.listOperations(actor, productSlug, version)).find((candidate) => candidate.operation === operation);
    const baseUrl = product.baseUrls[version];
    if (!summary || baseUrl === undefined) return null;
    const page = await services.products.getOperation(actor, productSlug, version, summary.slug);
    const call = recordedCall(page, fields);
    const samples = codeSamples(sampleCall(baseUrl, call, mode === 'test' ? 'YOUR_TEST_KEY' : 'YOUR_LIVE_KEY'));
    return { samples: samples.map((sample) => ({ ...sample, html: highlight(sample.code, sample.language) })), reference: `/${productSlug}/${version}/${summary.slug}` };
  } catch (error) {
    // A product or version that the account no longer sees has no code to show; what remains of the call still stands.
    if ((error as { code?: unknown }).code === 'not_found') return null;
    throw error;
  }
}
