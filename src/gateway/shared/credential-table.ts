// Credentials by SHA-256 of the key, in memory that every thread shares: written by the main thread only, read by all.
//
//   [ header: offset of the live index ] [ index ] [ records ] [ a larger index, when it grew ] [ records ] ...
//   index:   capacity, then slots of 10 words of 32 bits:  hash (8) | record block (0: empty) | version
//   record:  length in bytes, then the credential as text, in blocks of 64 bytes
//   text:    its fields with a tab between them, the subscriptions last: read in a third of the time that JSON takes
//
// A change writes a whole new record and then swaps one word, so that no thread ever sees half of it. A freed record may be
// reused while a slow thread still reads it: the slot's version has moved by then, and the thread reads again.
import { Buffer } from 'node:buffer';
import type { BlockList } from 'node:net';
import { addressRanges } from '../../domain/client-address.ts';
import type { CredentialEntry } from '../../snapshot/snapshot.ts';
import { compileSpendCap, type CompiledSpendCap, type StoredSpendCap } from '../routing/compile-spend-cap.ts';

const wordsPerSlot = 10;
const recordWord = 8;
const versionWord = 9;
const blockBytes = 64;
const headerBytes = 64;
const growBytes = 1 << 20;
const bytesMax = 1 << 30;
const parsedMax = 4096;

/** A credential with the places of its limit counters: `slots` runs beside `subscriptions`. */
export interface StoredCredential extends Omit<CredentialEntry, 'hash' | 'identities' | 'subscriptions'> {
  subscriptions: StoredSubscription[];
  slots: number[];
  consumerSlot: number;
}

export type StoredSubscription = Omit<CredentialEntry['subscriptions'][number], 'spendCap'> & { spendCap?: StoredSpendCap };

/** A stored credential as a thread keeps it, with what is worth preparing once. */
export interface Credential extends StoredCredential {
  allowed: BlockList | null;
  scopeSet: Set<string> | null;
  /** Beside `subscriptions`; null when none has one. */
  spendCaps: (CompiledSpendCap | null)[] | null;
}

/** A thread's view. */
export class CredentialTable {
  readonly #buffer: SharedArrayBuffer;
  /** Of the length that the buffer had when it was made: a view that grows with it costs a call into the runtime for each access. */
  #words: Int32Array;
  readonly #parsed = new Map<number, { version: number; credential: Credential }>();
  /** Slots that were read lately, each in the place that its number gives: what is read once is not kept, lest it crowd out what is read often. */
  readonly #lately = new Int32Array(parsedMax);

  constructor(buffer: SharedArrayBuffer) {
    this.#buffer = buffer;
    this.#words = wholeView(buffer);
  }

  /** @param hash SHA-256 of the key: 32 characters, one for each octet */
  find(hash: string): Credential | undefined {
    for (;;) {
      const index = Atomics.load(this.#words, 0);
      if (index >= this.#words.length || indexEnd(this.#words, index) > this.#words.length) this.#words = wholeView(this.#buffer);
      const slot = findSlot(this.#words, index, hash);
      if (slot < 0) return undefined;
      const version = Atomics.load(this.#words, slot + versionWord);
      const known = this.#parsed.get(slot);
      if (known?.version === version) return known.credential;
      const text = this.#read(Atomics.load(this.#words, slot + recordWord));
      // The slots of an older index stay as they were while the records that they name are used again.
      if (Atomics.load(this.#words, slot + versionWord) !== version || Atomics.load(this.#words, 0) !== index) continue;
      const credential = readRecord(text);
      this.#keep(slot, version, credential);
      return credential;
    }
  }

  #keep(slot: number, version: number, credential: Credential): void {
    const place = Math.floor(slot / wordsPerSlot) % parsedMax;
    if (this.#lately[place] !== slot) {
      this.#lately[place] = slot;
      return;
    }
    if (this.#parsed.size >= parsedMax) this.#parsed.delete(this.#parsed.keys().next().value!);
    this.#parsed.set(slot, { version, credential });
  }

  #read(block: number): string {
    const at = block * blockBytes;
    if (at / 4 >= this.#words.length) this.#words = wholeView(this.#buffer);
    const length = this.#words[at / 4]!;
    // A record that is being reused may have any length; the version check that follows discards what was read.
    return Buffer.from(this.#buffer, at + 4, Math.max(0, Math.min(this.#buffer.byteLength - at - 4, length))).toString('utf8');
  }
}

/** The main thread's side: makes the memory and is the only one that writes to it. */
export class CredentialTableWriter {
  readonly buffer = new SharedArrayBuffer(growBytes, { maxByteLength: bytesMax });
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #freeBlocks = new Map<number, number[]>();
  #nextByte = headerBytes;
  #size = 0;

  constructor(capacity = 1024) {
    this.#words = new Int32Array(this.buffer);
    this.#bytes = new Uint8Array(this.buffer);
    Atomics.store(this.#words, 0, this.#makeIndex(capacity));
  }

  get size(): number {
    return this.#size;
  }

  /** @throws RangeError when the table cannot grow further */
  put(hashHex: string, credential: StoredCredential): void {
    const hash = hashText(hashHex);
    const block = this.#writeRecord(writeRecord(credential));
    let slot = findSlot(this.#words, this.#words[0]!, hash);
    if (slot < 0) {
      if ((this.#size + 1) * 2 > this.#words[this.#words[0]!]!) this.#doubleIndex();
      slot = emptySlot(this.#words, this.#words[0]!, hash);
      for (let i = 0; i < 8; i++) this.#words[slot + i] = hashWord(hash, i);
      this.#size++;
      Atomics.store(this.#words, slot + recordWord, block);
      return;
    }
    const old = this.#words[slot + recordWord]!;
    Atomics.store(this.#words, slot + recordWord, block);
    Atomics.add(this.#words, slot + versionWord, 1);
    this.#freeRecord(old);
  }

  /** Makes a credential unknown; '' is none. */
  forget(hashHex: string): void {
    if (hashHex === '') return;
    const slot = findSlot(this.#words, this.#words[0]!, hashText(hashHex));
    if (slot < 0) return;
    const known = readRecord(Buffer.from(this.#bytes.slice(...this.#recordRange(this.#words[slot + recordWord]!))).toString('utf8'));
    this.put(hashHex, { ...known, state: 'deleted', subscriptions: [], slots: [] });
  }

  /** Every credential that is in the table, by hash in hex. */
  hashes(): string[] {
    const index = this.#words[0]!;
    const hashes: string[] = [];
    for (let place = 0; place < this.#words[index]!; place++) {
      const slot = index + 1 + place * wordsPerSlot;
      if (this.#words[slot + recordWord] !== 0) hashes.push(Buffer.from(this.#bytes.slice(slot * 4, slot * 4 + 32)).toString('hex'));
    }
    return hashes;
  }

  #recordRange(block: number): [number, number] {
    const at = block * blockBytes;
    return [at + 4, at + 4 + this.#words[at / 4]!];
  }

  #writeRecord(json: string): number {
    const bytes = Buffer.from(json);
    const blocks = Math.ceil((bytes.length + 4) / blockBytes);
    const block = this.#freeBlocks.get(blocks)?.pop() ?? this.#allocate(blocks * blockBytes) / blockBytes;
    this.#words[(block * blockBytes) / 4] = bytes.length;
    this.#bytes.set(bytes, block * blockBytes + 4);
    return block;
  }

  #freeRecord(block: number): void {
    const blocks = Math.ceil((this.#words[(block * blockBytes) / 4]! + 4) / blockBytes);
    const free = this.#freeBlocks.get(blocks);
    if (free) free.push(block);
    else this.#freeBlocks.set(blocks, [block]);
  }

  #allocate(bytes: number): number {
    const at = this.#nextByte;
    const end = at + Math.ceil(bytes / blockBytes) * blockBytes;
    if (end > this.buffer.byteLength) {
      if (end > this.buffer.maxByteLength) throw new RangeError(`the credential table is full: ${this.#size} keys`);
      this.buffer.grow(Math.min(this.buffer.maxByteLength, end + Math.max(growBytes, this.buffer.byteLength >> 3)));
    }
    this.#nextByte = end;
    return at;
  }

  /** A new index is whole before its offset is published. The old one is never reused: a thread may still be probing it. */
  #doubleIndex(): void {
    const old = this.#words[0]!;
    const index = this.#makeIndex(this.#words[old]! * 2);
    for (let place = 0; place < this.#words[old]!; place++) {
      const from = old + 1 + place * wordsPerSlot;
      if (this.#words[from + recordWord] === 0) continue;
      const hash = Buffer.from(this.#bytes.slice(from * 4, from * 4 + 32)).toString('latin1');
      this.#words.copyWithin(emptySlot(this.#words, index, hash), from, from + wordsPerSlot);
    }
    Atomics.store(this.#words, 0, index);
  }

  #makeIndex(capacity: number): number {
    const index = this.#allocate((1 + capacity * wordsPerSlot) * 4) / 4;
    this.#words[index] = capacity;
    return index;
  }
}

function indexEnd(words: Int32Array, index: number): number {
  return index + 1 + words[index]! * wordsPerSlot;
}

function wholeView(buffer: SharedArrayBuffer): Int32Array {
  return new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
}

/** The slot of this hash, or -1. Capacity is a power of two and at most half full, so an empty slot always ends the search. */
function findSlot(words: Int32Array, index: number, hash: string): number {
  const mask = words[index]! - 1;
  const first = hashWord(hash, 0);
  for (let place = first & mask; ; place = (place + 1) & mask) {
    const slot = index + 1 + place * wordsPerSlot;
    if (Atomics.load(words, slot + recordWord) === 0) return -1;
    if (words[slot] !== first) continue;
    let word = 1;
    while (word < 8 && words[slot + word] === hashWord(hash, word)) word++;
    if (word === 8) return slot;
  }
}

function emptySlot(words: Int32Array, index: number, hash: string): number {
  const mask = words[index]! - 1;
  let place = hashWord(hash, 0) & mask;
  while (words[index + 1 + place * wordsPerSlot + recordWord] !== 0) place = (place + 1) & mask;
  return index + 1 + place * wordsPerSlot;
}

/** A hash in hex as its octets, a character each. */
export function hashText(hex: string): string {
  return Buffer.from(hex, 'hex').toString('latin1');
}

function hashWord(hash: string, word: number): number {
  const at = word * 4;
  return hash.charCodeAt(at) | (hash.charCodeAt(at + 1) << 8) | (hash.charCodeAt(at + 2) << 16) | (hash.charCodeAt(at + 3) << 24);
}

const fieldsBefore = 13;
const fieldsPerSubscription = 7;

/** What may hold any character is written as JSON, which escapes tabs. */
function writeRecord(credential: StoredCredential): string {
  const { keyId, masked, mode, origin, state, revokedAt, expiresAt, consumerId, developerId, unverified, consumerSlot, scopes, addresses, subscriptions, slots } = credential;
  return [
    keyId, masked, mode, origin, state, revokedAt ?? '', expiresAt ?? '', consumerId, developerId, unverified ? '1' : '', consumerSlot, scopes === null ? '' : JSON.stringify(scopes), addresses === null ? '' : JSON.stringify(addresses),
    ...subscriptions.flatMap(({ subscriptionId, productId, planRevisionId, anchorAt, active, spendCap }, place) => [subscriptionId, productId, planRevisionId, anchorAt, active ? '1' : '', slots[place]!, spendCap === undefined ? '' : JSON.stringify(spendCap)]),
  ].join('\t');
}

function readRecord(text: string): Credential {
  const fields = text.split('\t');
  const subscriptions: StoredCredential['subscriptions'] = [];
  const slots: number[] = [];
  for (let at = fieldsBefore; at + fieldsPerSubscription <= fields.length; at += fieldsPerSubscription) {
    const subscription: StoredSubscription = { subscriptionId: fields[at]!, productId: fields[at + 1]!, planRevisionId: fields[at + 2]!, anchorAt: Number(fields[at + 3]), active: fields[at + 4] === '1' };
    if (fields[at + 6] !== '') subscription.spendCap = JSON.parse(fields[at + 6]!) as StoredSpendCap;
    subscriptions.push(subscription);
    slots.push(Number(fields[at + 5]));
  }
  const scopes = listOrNull(fields[11]!);
  const addresses = listOrNull(fields[12]!);
  return {
    keyId: fields[0]!, masked: fields[1]!, mode: fields[2] as StoredCredential['mode'], origin: fields[3] as StoredCredential['origin'], state: fields[4] as StoredCredential['state'],
    revokedAt: numberOrNull(fields[5]!), expiresAt: numberOrNull(fields[6]!), consumerId: fields[7]!, developerId: fields[8]!, unverified: fields[9] === '1', consumerSlot: Number(fields[10]),
    scopes, addresses, subscriptions, slots, allowed: addresses === null ? null : addressRanges(addresses), scopeSet: scopes === null ? null : new Set(scopes),
    spendCaps: subscriptions.some(({ spendCap }) => spendCap !== undefined) ? subscriptions.map(({ spendCap }) => (spendCap === undefined ? null : compileSpendCap(spendCap))) : null,
  };
}

function numberOrNull(text: string): number | null {
  return text === '' ? null : Number(text);
}

function listOrNull(json: string): string[] | null {
  return json === '' ? null : (JSON.parse(json) as string[]);
}
