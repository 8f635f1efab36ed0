// The reader of answers against llhttp in its strict mode: right and spoiled answers, cut into pieces, each piece in the buffer that all
// connections share. PORTICO_DIFFERENTIAL_ROUNDS=1000000 reads as many as it says.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { Chance, makeCuts, makeResponses, spoil } from '../http1/generate-messages.testkit.ts';
import { readWithLlhttp, type ReadMessage } from '../http1/read-messages.testkit.ts';
import type { ScannedResponse } from '../http1/scan-response-head.ts';
import { ResponseReader, type ResponseSink } from './response-reader.ts';

const rounds = Number(process.env['PORTICO_DIFFERENTIAL_ROUNDS'] ?? 10_000);
const seed = Number(process.env['PORTICO_DIFFERENTIAL_SEED'] ?? 1);

/** One exchange: interim answers and a final one. */
class Reading implements ResponseSink {
  readonly messages: ReadMessage[] = [];
  problem = '';
  clean = false;

  onInterim(head: ScannedResponse): void {
    this.onHead(head);
    this.messages.at(-1)!.complete = true;
  }

  onHead({ minor, status, reason, fields }: ScannedResponse): void {
    this.messages.push({ head: `1.${minor} ${status} ${reason}\n${fields.join('\n')}`, body: '', trailers: '', complete: false });
  }

  onPart(part: Buffer): void {
    this.messages.at(-1)!.body += part.toString('latin1');
  }

  onComplete(trailers: readonly string[], clean: boolean): void {
    Object.assign(this.messages.at(-1)!, { complete: true, trailers: trailers.join('\n') });
    this.clean = clean;
  }

  onSwitch(): void {
    throw new Error('nobody asked for it');
  }

  onProblem(problem: string): void {
    this.problem = problem;
  }
}

function readPieces(octets: Buffer, cuts: readonly number[], method: string): Reading {
  const reading = new Reading();
  const reader = new ResponseReader(reading);
  const shared = Buffer.alloc(octets.length + 1);
  reader.begin(method, false);
  let from = 0;
  for (const to of [...cuts, octets.length]) {
    shared.fill(0x21);
    octets.copy(shared, 0, from, to);
    reader.read(shared, to - from);
    from = to;
  }
  reader.readEnd();
  return reading;
}

function difference(ours: Reading, theirs: { messages: ReadMessage[]; problem: string }): string | undefined {
  for (const [i, message] of ours.messages.entries()) {
    const other = theirs.messages[i];
    if (other === undefined) return `message ${i} is accepted here, but llhttp says: ${theirs.problem}`;
    if (message.head !== other.head) return `message ${i} has another head`;
    if (!message.complete && (other.body.startsWith(message.body) || (ours.problem === '' && !other.complete && message.body.startsWith(other.body)))) continue;
    if (message.body !== other.body) return `message ${i} has another body`;
    if (!other.complete) return `message ${i} ends here, but llhttp says: ${theirs.problem}`;
    if (message.trailers !== other.trailers) return `message ${i} has other trailers`;
  }
  return undefined;
}

test('answers are framed as llhttp frames them, or refused', (t) => {
  const counts = { read: 0, refused: 0, complete: 0, kept: 0 };
  for (let round = 0; round < rounds; round++) {
    const chance = new Chance(seed * 2_000_003 + round);
    const method = chance.one(['GET', 'GET', 'GET', 'HEAD']);
    const text = makeResponses(chance, method);
    const isSpoiled = chance.below(5) > 0;
    const octets = Buffer.from(isSpoiled ? spoil(chance, text) : text, 'latin1');
    const cuts = makeCuts(chance, octets);
    const ours = readPieces(octets, cuts, method);
    const theirs = readWithLlhttp({ request: false, method }, octets);
    const found = difference(ours, theirs);
    assert.equal(found, undefined, `${found}\nround ${round} of seed ${seed}: ${JSON.stringify(octets.toString('latin1'))}\nhere: ${JSON.stringify(ours)}\nllhttp: ${JSON.stringify(theirs)}`);
    // A connection that is kept had nothing behind its answer.
    if (ours.clean && cuts.length === 0) assert.equal(theirs.messages.length, ours.messages.length);
    counts.read++;
    if (ours.problem !== '') counts.refused++;
    if (ours.messages.at(-1)?.complete === true) counts.complete++;
    if (ours.clean) counts.kept++;
  }
  assert.ok(counts.refused > rounds / 10 && counts.complete > rounds / 4 && counts.kept > rounds / 20, JSON.stringify(counts));
  t.diagnostic(JSON.stringify(counts));
});

test('cut anywhere, an answer stays the same', () => {
  const octets = Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n5;x="y"\r\nhello\r\n3\r\n!!!\r\n0\r\nX-Sum: 7\r\n\r\n', 'latin1');
  const whole = readPieces(octets, [], 'GET');
  assert.deepEqual([whole.messages.length, whole.messages[1]!.body, whole.clean], [2, 'hello!!!', true]);
  for (let first = 0; first < octets.length; first++) {
    for (let second = first; second < octets.length; second += 7) {
      assert.deepEqual(readPieces(octets, [first, second], 'GET').messages, whole.messages, `cut at ${first} and ${second}`);
    }
  }
});
