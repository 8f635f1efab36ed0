// Goes through an exercise as a reader without scripts does: one form for each question.
import assert from 'node:assert/strict';
import type { Visitor } from './visitors.ts';

/** Answers the open questions of a set with these places of the written order, one after the other. */
export async function practise(visitor: Visitor, set: string, choices: number[]): Promise<void> {
  for (const choice of choices) {
    const path = (await visitor.get(`/learn/${set}`)).location;
    assert.ok(path, `${set} has an open question`);
    const { text } = await visitor.get(path);
    const [fingerprint, item] = [/name="fingerprint" value="([^"]+)"/.exec(text)?.[1], /q=([a-z0-9-]+)/.exec(path)?.[1]];
    assert.ok(fingerprint && item, `${path} asks a question`);
    const { status } = await visitor.post(path, { item, fingerprint, choice: String(choice) });
    assert.equal(status, 303);
  }
}
