// Enters: the brand's colour. Leaves: shades of its hue that can be read on light and on dark pages (WCAG 2.2 AA, 4.5 : 1).

export interface AccentShades { light: AccentShade; dark: AccentShade }
/** `soft` is a ground for text in `accent`; `on` is text on a ground of `accent`. All `#rrggbb`. */
export interface AccentShade { accent: string; soft: string; on: string }

type Channels = [number, number, number];

/** The grounds that an accent stands on, as app.css has them. */
export const accentGrounds = { light: { paper: '#fbfaf7', raised: '#ffffff', sunken: '#f4f2ec' }, dark: { paper: '#0d131f', raised: '#141c2b', sunken: '#111927' } } as const;
export const readableContrast = 4.5;
const step = 0.005;

/** `#ABC` and `#AABBCC` to `#aabbcc`. */
export function normalAccent(colour: string): string {
  const digits = colour.slice(1).toLowerCase();
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits}`;
}

/** Keeps the hue and, as far as the screen has it, the chroma; moves the lightness (OKLCH) only as far as reading needs. The colour itself stays where it can be read. */
export function accentShades(colour: string): AccentShades {
  return { light: shade(colour, accentGrounds.light, '#ffffff', 0.1, -step), dark: shade(colour, accentGrounds.dark, accentGrounds.dark.paper, 0.18, step) };
}

function shade(colour: string, grounds: { paper: string; raised: string; sunken: string }, on: string, share: number, move: number): AccentShade {
  const [lightness, a, b] = toOklab(channels(colour));
  for (let l = lightness; ; l += move) {
    const accent = l === lightness ? colour : hex(fromOklab(l, a, b));
    const soft = hex(mix(channels(grounds.raised), channels(accent), share));
    const candidate = { accent, soft, on };
    if ((move < 0 ? l <= 0 : l >= 1) || [...Object.values(grounds), soft, on].every((ground) => contrast(accent, ground) >= readableContrast)) return candidate;
  }
}

/** Of two colours, 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].toSorted((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map(linear) as Channels;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function channels(colour: string): Channels {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as Channels;
}

function hex(rgb: Channels): string {
  return `#${rgb.map((value) => Math.round(Math.min(Math.max(value, 0), 1) * 255).toString(16).padStart(2, '0')).join('')}`;
}

function mix(ground: Channels, colour: Channels, share: number): Channels {
  return ground.map((value, index) => value * (1 - share) + colour[index]! * share) as Channels;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function gamma(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** https://bottosson.github.io/posts/oklab/ */
function toOklab(rgb: Channels): Channels {
  const [r, g, b] = rgb.map(linear) as Channels;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

/** Takes chroma away until the screen can show the colour. */
function fromOklab(lightness: number, a: number, b: number): Channels {
  for (let chroma = 1; ; chroma -= 0.02) {
    const [x, y] = [Math.max(chroma, 0) * a, Math.max(chroma, 0) * b];
    const l = (lightness + 0.3963377774 * x + 0.2158037573 * y) ** 3;
    const m = (lightness - 0.1055613458 * x - 0.0638541728 * y) ** 3;
    const s = (lightness - 0.0894841775 * x - 1.291485548 * y) ** 3;
    const rgb: Channels = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
    if (chroma <= 0 || rgb.every((value) => value >= -0.0001 && value <= 1.0001)) return rgb.map((value) => gamma(Math.min(Math.max(value, 0), 1))) as Channels;
  }
}
