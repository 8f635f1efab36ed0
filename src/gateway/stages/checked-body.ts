// In: a body that is to be checked before it goes on. Out: the same octets, or a refusal.
import { Readable } from 'node:stream';
import type { RequestCheck } from '../../snapshot/request-check.ts';
import type { Call, Refusal } from '../call.ts';
import { RequestBody } from '../request-body.ts';
import { checkBody } from './check-request.ts';
import { hasSmallJsonBody } from './field-names.ts';

/** What all bodies of a thread that are being read for a check may have together. */
const readBytesMax = 64 * 1024 * 1024;
let readBytes = 0;

const overloaded: Refusal = { code: 'overloaded', detail: 'The gateway is reading as many request bodies as it has memory for. Repeat after a second.', fields: ['Retry-After', '1'] };

/** Reads the whole of `body`, which keeps what it reads, up to its maximum. `done` is not called when the body breaks off: its own listeners hear of that. */
export function readChecked({ call, check, body, bytesMax }: { call: Call; check: RequestCheck; body: RequestBody; bytesMax: number }, done: (refusal: Refusal | undefined, whole: RequestBody) => void): void {
  const held = Math.min(call.head.contentLength ?? bytesMax, bytesMax);
  if (readBytes + held > readBytesMax) {
    done(overloaded, body);
    return;
  }
  readBytes += held;
  body.once('close', () => { readBytes -= held; });
  body.on('end', () => {
    const chunks = body.kept!;
    if (!hasSmallJsonBody(call)) body.kept = null;
    const refusal = checkBody(check, call, chunks, bytesMax);
    done(refusal, refusal === undefined ? new RequestBody(Readable.from(chunks), { bytesMax, keep: false, onFirstRead: () => undefined }) : body);
  });
  body.resume();
}
