// SVG of a social card enters a thread of its own; its PNG leaves it. Drawing takes a whole thread for a second: the web's must stay free.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parentPort, type Worker } from 'node:worker_threads';
import type { CardOrder, DrawCard } from '../web/context.ts';
import type { StartThread } from './threads.ts';

type Answer = { png: Uint8Array<ArrayBuffer> } | { fault: string };
interface Waiting extends CardOrder { resolve(png: Uint8Array<ArrayBuffer>): void; reject(error: Error): void }

export interface CardDrawer { draw: DrawCard; close(): Promise<void> }

const cardsMax = 100;
const drawingMsMax = 60_000;
/** What a thread holds, some 30 MB, is given back when nobody asked for this long. */
const idleMs = 60_000;

/** Draws one card at a time and keeps the newest by what they show; `waitingMax` more wait for their turn. */
export function cardDrawer(startThread: StartThread, { waitingMax = 20 }: { waitingMax?: number } = {}): CardDrawer {
  const cards = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const queue: Waiting[] = [];
  let worker: Worker | undefined;
  let drawing: Waiting | undefined;
  let timer: NodeJS.Timeout | undefined;

  function end(error: Error): Promise<unknown> | undefined {
    const ending = worker;
    const failed = drawing;
    worker = drawing = undefined;
    clearTimeout(timer);
    failed?.reject(error);
    return ending?.terminate();
  }

  function begin(): Worker {
    const begun = startThread('cards', null, { resourceLimits: { maxOldGenerationSizeMb: 256 } });
    begun.on('message', (answer: Answer) => {
      const done = drawing;
      drawing = undefined;
      if ('png' in answer) done?.resolve(answer.png);
      else done?.reject(new Error(answer.fault));
      next();
    });
    const lost = (error: Error): void => {
      if (begun !== worker) return;
      void end(error);
      next();
    };
    begun.once('error', lost);
    begun.once('exit', () => lost(new Error('the drawing of cards ended')));
    return begun;
  }

  function next(): void {
    if (drawing) return;
    clearTimeout(timer);
    drawing = queue.shift();
    if (!drawing) {
      timer = setTimeout(() => void end(new Error('nobody asked for a card')), idleMs).unref();
      return;
    }
    timer = setTimeout(() => {
      void end(new Error(`a card took longer than ${drawingMsMax / 1000} s to draw`));
      next();
    }, drawingMsMax).unref();
    const { svg, fonts } = drawing;
    (worker ??= begin()).postMessage({ svg, fonts } satisfies CardOrder);
  }

  return {
    async draw(order) {
      const key = createHash('sha256').update(order.svg).digest('base64');
      const known = cards.get(key);
      if (!known && queue.length >= waitingMax) return undefined;
      const card = known ?? new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => queue.push({ ...order, resolve, reject }));
      cards.delete(key);
      cards.set(key, card);
      if (cards.size > cardsMax) cards.delete(cards.keys().next().value!);
      if (!known) card.catch(() => { if (cards.get(key) === card) cards.delete(key); });
      next();
      return card;
    },
    async close() {
      const closed = new Error('the web server ends');
      for (const { reject } of queue.splice(0)) reject(closed);
      await end(closed);
    },
  };
}

export async function runCardDrawing(): Promise<void> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  const ready = readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')).then((wasm) => initWasm(wasm));
  const fontFiles = new Map<string, Promise<Uint8Array>>();
  const font = (file: string): Promise<Uint8Array> => fontFiles.get(file) ?? fontFiles.set(file, readFile(file).then((bytes) => new Uint8Array(bytes))).get(file)!;

  async function draw({ svg, fonts }: CardOrder): Promise<Uint8Array<ArrayBuffer>> {
    await ready;
    const drawing = new Resvg(svg, { font: { fontBuffers: await Promise.all(fonts.map(font)), defaultFontFamily: 'Inter' } });
    const image = drawing.render();
    const png = new Uint8Array(image.asPng());
    image.free();
    drawing.free();
    return png;
  }
  parentPort!.on('message', (order: CardOrder) => {
    draw(order).then((png) => parentPort!.postMessage({ png } satisfies Answer, [png.buffer]), (error: unknown) => parentPort!.postMessage({ fault: String(error) } satisfies Answer));
  });
}
