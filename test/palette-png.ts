// A picture of a page has few colours: written with a palette it takes a third of the space.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const coloursMax = 256;

/** A PNG of 8 bits per channel without interlacing, as browsers write it, with at most 256 colours (PNG specification, third edition). */
export function withPalette(png: Buffer): Buffer {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const pixels = unfilter(inflateSync(Buffer.concat(chunksOf(png, 'IDAT'))), width, height, png[25] === 6 ? 4 : 3);
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, coloursMax).map(([colour]) => colour);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < pixels.length; at += 1) {
    const colour = pixels[at]!;
    let place = places.get(colour);
    if (place === undefined) places.set(colour, (place = nearestOf(palette, colour)));
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = place;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([png.subarray(0, 8), chunk('IHDR', head), chunk('PLTE', colours), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunksOf(png: Buffer, wanted: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === wanted) found.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return found;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}

/** Undoes the five filters, and answers each pixel as one number without its opacity. */
function unfilter(data: Buffer, width: number, height: number, channels: number): Uint32Array {
  const stride = width * channels;
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const start = y * (stride + 1);
    const filter = data[start]!;
    const row = new Uint8Array(stride);
    for (let x = 0; x < stride; x += 1) {
      const left = x < channels ? 0 : row[x - channels]!;
      const corner = x < channels ? 0 : above[x - channels]!;
      row[x] = data[start + 1 + x]! + [0, left, above[x]!, (left + above[x]!) >> 1, paeth(left, above[x]!, corner)][filter]!;
    }
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = (row[x * channels]! << 16) | (row[x * channels + 1]! << 8) | row[x * channels + 2]!;
    above = row;
  }
  return pixels;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
}

function nearestOf(palette: number[], colour: number): number {
  const distance = (other: number): number => ((other >> 16) - (colour >> 16)) ** 2 + (((other >> 8) & 255) - ((colour >> 8) & 255)) ** 2 + ((other & 255) - (colour & 255)) ** 2;
  return palette.reduce((best, other, place) => (distance(other) < distance(palette[best]!) ? place : best), 0);
}
