// What an image or font must be before it is kept: its name, its size and its first bytes agree.
import type { Buffer } from 'node:buffer';
import { contentLimits } from './content-files.ts';

const mediaTypes: Record<string, string> = { svg: 'image/svg+xml', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif', woff2: 'font/woff2' };
const kinds = {
  logo: { types: ['svg', 'png'], bytesMax: contentLimits.logoBytesMax, noun: 'A logo is an SVG or PNG file' },
  image: { types: ['svg', 'png', 'jpg', 'jpeg', 'webp', 'gif'], bytesMax: contentLimits.imageBytesMax, noun: 'An image is an SVG, PNG, JPEG, WebP or GIF file' },
  font: { types: ['woff2'], bytesMax: contentLimits.fontBytesMax, noun: 'A font is a WOFF2 file' },
} as const;

export function mediaTypeOf(path: string): string | undefined {
  return mediaTypes[extensionOf(path)];
}

/** What is wrong with the file, or undefined. */
export function checkAsset(kind: keyof typeof kinds, path: string, bytes: Buffer): string | undefined {
  const { types, bytesMax, noun } = kinds[kind];
  const extension = extensionOf(path);
  if (!(types as readonly string[]).includes(extension)) return `${noun}; ${path} is not.`;
  if (bytes.length > bytesMax) return `${path} has ${bytes.length} bytes; at most ${bytesMax} are allowed here.`;
  return looksLike(extension, bytes) ? undefined : `${path} is called .${extension}, but its content is not. ${noun}.`;
}

function looksLike(extension: string, bytes: Buffer): boolean {
  const starts = (text: string, at = 0): boolean => bytes.toString('latin1', at, at + text.length) === text;
  switch (extension) {
    case 'svg': return /^\uFEFF?\s*(<\?xml[^>]*>\s*)?(<!--(?:(?!-->)[\s\S])*-->\s*|<!DOCTYPE svg[^>[]*>\s*)*<svg[\s>]/.test(bytes.toString('utf8', 0, 4096));
    case 'png': return starts('\x89PNG\r\n\x1a\n');
    case 'gif': return starts('GIF8');
    case 'webp': return starts('RIFF') && starts('WEBP', 8);
    case 'woff2': return starts('wOF2');
    default: return starts('\xff\xd8\xff');
  }
}

function extensionOf(path: string): string {
  return /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
}
