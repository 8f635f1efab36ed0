import type { OperationPage } from '../../../control/services.ts';
import { highlight } from '../../highlight.server.ts';
import type { CodeSample } from '../../ui/code-block.tsx';
import { codeSamples, sampleCall } from '../products/code-samples.ts';

/** The first call in six languages, ready to paste. */
export function startSamples(baseUrl: string, sample: OperationPage['sample'], key: string): CodeSample[] {
  return codeSamples(sampleCall(baseUrl, sample, key)).map((code) => ({ ...code, html: highlight(code.code, code.language) }));
}
