import { Buffer } from 'node:buffer';
import type { Call } from '../call.ts';
import { fieldListOf } from '../http1/field-section.ts';
import type { AnswerListener } from '../exchange.ts';
import type { RequestBody } from '../request-body.ts';

/** Test mode without an upstream of its own: the contract's example, compiled beforehand. An operation without one answers 204. */
export function answerExample(call: Call, body: RequestBody | null, relay: AnswerListener): void {
  const { example } = call.operation!.operation;
  const content = Buffer.from(example?.body ?? '');
  relay.nobodyAsked = true;
  const answer = (): void => {
    relay.onHead(example?.status ?? 204, '', fieldListOf(example === null ? [] : ['Content-Type', example.contentType, 'Content-Length', String(content.length)]));
    if (content.length > 0 && call.head.method !== 'HEAD') relay.onData(content, null);
    relay.onEnd([]);
  };
  if (body === null) {
    answer();
    return;
  }
  body.on('end', answer);
  body.resume();
}
