import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import regular from '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf?url';
import semibold from '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf?url';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const cardsMax = 100;
/** By what they show: a new title or brand is a new card. The oldest leaves first. */
const cards = new Map<string, Uint8Array<ArrayBuffer>>();
let fonts: Promise<Uint8Array[]> | undefined;
/** One at a time: drawing takes the whole thread. */
let last: Promise<unknown> = Promise.resolve();

/** PNG of a card. `clientFolder` holds the fonts, as the build leaves them. */
export async function renderCard(clientFolder: string, svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = createHash('sha256').update(svg).digest('base64');
  const turn = last.then(async () => cards.get(key) ?? draw(await (fonts ??= prepare(clientFolder)), svg));
  last = turn.catch(() => undefined);
  const png = await turn;
  cards.delete(key);
  cards.set(key, png);
  if (cards.size > cardsMax) cards.delete(cards.keys().next().value!);
  return png;
}

async function prepare(clientFolder: string): Promise<Uint8Array[]> {
  await initWasm(await readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  return Promise.all([regular, semibold].map(async (address) => new Uint8Array(await readFile(join(clientFolder, address)))));
}

function draw(fontBuffers: Uint8Array[], svg: string): Uint8Array<ArrayBuffer> {
  const drawing = new Resvg(svg, { font: { fontBuffers, defaultFontFamily: 'Inter' } });
  const image = drawing.render();
  const png = new Uint8Array(image.asPng());
  image.free();
  drawing.free();
  return png;
}
