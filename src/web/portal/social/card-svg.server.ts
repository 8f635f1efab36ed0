import { Buffer } from 'node:buffer';
import { escapeHtml } from '../../markdown.server.ts';
import { shortened } from '../page-meta.tsx';
import { cardHeight, cardWidth } from './card-size.ts';

export interface Card { site: string; title: string; above: string; below: string; accent: string | null; logo: { mediaType: string; bytes: Uint8Array } | undefined }

const colours = { paper: '#fbfaf7', ink: '#16181d', muted: '#595d66', line: '#e4e1d8', accent: '#2347c5' };
const margin = 80;
const titleSize = 72;
/** Of Inter in bold, in parts of the size; wide enough that no line leaves the card. */
const glyphWidth = 0.56;
const mark = 'M3 3h18v3H3zM5 8h3v11H5zM10.500 8h3v11h-3zM16 8h3v11h-3zM3 20h18v1.500H3z';

export function cardSvg({ site, title, above, below, accent, logo }: Card): string {
  const brand = accent ?? colours.accent;
  const lines = wrap(title, Math.floor((cardWidth - 2 * margin) / (titleSize * glyphWidth)), 3);
  const text = (x: number, y: number, size: number, weight: number, colour: string, words: string) => `<text x="${x}" y="${y}" font-family="Inter" font-size="${size}" font-weight="${weight}" fill="${colour}">${escapeHtml(words)}</text>`;
  const top = 330 - ((lines.length - 1) * titleSize * 1.15) / 2;
  const icon = logo
    ? `<image x="${margin}" y="68" width="56" height="56" preserveAspectRatio="xMinYMid meet" href="data:${logo.mediaType};base64,${Buffer.from(logo.bytes).toString('base64')}"/>`
    : `<g transform="translate(${margin} 68) scale(2.333)"><path d="${mark}" fill="${brand}"/></g>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${cardWidth}" height="${cardHeight}" viewBox="0 0 ${cardWidth} ${cardHeight}">`,
    `<rect width="${cardWidth}" height="${cardHeight}" fill="${colours.paper}"/><rect width="${cardWidth}" height="12" fill="${brand}"/>`,
    icon, text(margin + 76, 108, 34, 600, colours.ink, cut(site, 50)),
    above ? text(margin, top - titleSize - 8, 32, 600, brand, cut(above, 56)) : '',
    ...lines.map((line, index) => text(margin, top + index * titleSize * 1.15, titleSize, 600, colours.ink, line)),
    `<rect x="${margin}" y="510" width="${cardWidth - 2 * margin}" height="2" fill="${colours.line}"/>`,
    below ? text(margin, 560, 30, 400, colours.muted, cut(shortened(below), 64)) : '',
    '</svg>',
  ].join('');
}

/** At most `linesMax` lines; the last one says when there was more. */
export function wrap(text: string, width: number, linesMax: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(cut(word, width));
  }
  return lines.length <= linesMax ? lines : [...lines.slice(0, linesMax - 1), cut(`${lines[linesMax - 1]} ${lines[linesMax]}`, Math.max(width - 3, 1), true)];
}

function cut(text: string, max: number, always = false): string {
  const letters = [...text];
  return letters.length <= max ? (always ? `${text}...` : text) : `${letters.slice(0, max - 3).join('')}...`;
}
