// Portico's reader of HTTP/1.1 against llhttp in its strict mode: whatever llhttp refuses is refused here, and whatever is accepted
// here llhttp frames in the same way, octet for octet. 10,000 generated and spoiled connections from the clients' and 10,000 from the
// upstreams' side; PORTICO_DIFFERENTIAL_ROUNDS=1000000 reads as many as it says, PORTICO_DIFFERENTIAL_SEED repeats one series:
//   PORTICO_DIFFERENTIAL_ROUNDS=1000000 node --test src/gateway/http1/against-llhttp.test.ts
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test, type TestContext } from 'node:test';
import { Chance, makeCuts, makeRequests, makeResponses, spoil } from './generate-messages.testkit.ts';
import { readStrictly, readWithLlhttp, type Reading, type Side } from './read-messages.testkit.ts';

const rounds = Number(process.env['PORTICO_DIFFERENTIAL_ROUNDS'] ?? 10_000);
const seed = Number(process.env['PORTICO_DIFFERENTIAL_SEED'] ?? 1);

/** What is wrong between the two readings, or nothing. */
function difference(ours: Reading, theirs: Reading): string | undefined {
  for (const [i, message] of ours.messages.entries()) {
    const other = theirs.messages[i];
    if (other === undefined) return `message ${i} is accepted here, but llhttp says: ${theirs.problem}`;
    if (message.head !== other.head) return `message ${i} has another head`;
    if (!message.complete && other.body.startsWith(message.body)) continue;
    // A reader that was told of a wrong chunk may have passed on what came before it.
    if (!message.complete && ours.problem === '' && !other.complete && message.body.startsWith(other.body)) continue;
    if (message.body !== other.body) return `message ${i} has another body`;
    if (!other.complete) return `message ${i} ends here, but llhttp says: ${theirs.problem}`;
    if (message.trailers !== other.trailers) return `message ${i} has other trailers`;
  }
  return undefined;
}

function compare(t: TestContext, make: (chance: Chance) => { side: Side; text: string }): void {
  const counts = { read: 0, spoiled: 0, refused: 0, refusedByLlhttp: 0, messages: 0 };
  for (let round = 0; round < rounds; round++) {
    const chance = new Chance(seed * 1_000_003 + round);
    const { side, text } = make(chance);
    const isSpoiled = chance.below(5) > 0;
    const octets = Buffer.from(isSpoiled ? spoil(chance, text) : text, 'latin1');
    const ours = readStrictly(side, octets, makeCuts(chance, octets));
    const theirs = readWithLlhttp(side, octets);
    const shown = (): string => `round ${round} of seed ${seed}: ${JSON.stringify(octets.toString('latin1'))}\nhere: ${JSON.stringify(ours)}\nllhttp: ${JSON.stringify(theirs)}`;
    const found = difference(ours, theirs);
    assert.equal(found, undefined, `${found}\n${shown()}`);
    if (!isSpoiled) assert.equal(ours.problem, '', `what is right was refused\n${shown()}`);
    counts.read++;
    counts.messages += ours.messages.length;
    if (isSpoiled) counts.spoiled++;
    if (ours.problem !== '') counts.refused++;
    if (theirs.problem !== '') counts.refusedByLlhttp++;
  }
  assert.ok(counts.refused > rounds / 4 && counts.refused < (rounds * 3) / 4, `the spoiled ones tell something: ${JSON.stringify(counts)}`);
  t.diagnostic(JSON.stringify(counts));
}

test('requests are framed as llhttp frames them, or refused', (t) => {
  compare(t, (chance) => ({ side: { request: true }, text: makeRequests(chance) }));
});

test('responses are framed as llhttp frames them, or refused', (t) => {
  compare(t, (chance) => {
    const method = chance.one(['GET', 'GET', 'GET', 'HEAD']);
    return { side: { request: false, method }, text: makeResponses(chance, method) };
  });
});
