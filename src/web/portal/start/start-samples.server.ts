import type { OperationPage } from '../../../control/services.ts';
import { highlight } from '../../highlight.server.ts';
import type { CodeSample } from '../../ui/code-block.tsx';
import { curlOf } from '../../ui/curl.ts';

/** The first call, ready to paste. */
export function startSamples(baseUrl: string, sample: OperationPage['sample'], key: string): CodeSample[] {
  const curl = curlOf(baseUrl, sample, key);
  return [{ label: 'curl', language: 'curl', code: curl, html: highlight(curl, 'curl') }];
}
