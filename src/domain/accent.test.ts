import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { accentGrounds, accentShades, contrast, normalAccent, readableContrast } from './accent.ts';

const channel = fc.integer({ min: 0, max: 255 });
const colour = fc.tuple(channel, channel, channel).map((rgb) => `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`);

test('every opaque colour has a shade that can be read on each ground of each theme', () => {
  fc.assert(fc.property(colour, (brand) => {
    const shades = accentShades(brand);
    for (const theme of ['light', 'dark'] as const) {
      const { accent, soft, on } = shades[theme];
      for (const ground of [...Object.values(accentGrounds[theme]), soft, on]) {
        assert.ok(contrast(accent, ground) >= readableContrast, `${brand} in ${theme}: ${accent} on ${ground} is ${contrast(accent, ground)}`);
      }
    }
  }), { numRuns: 500 });
});

for (const brand of ['#000000', '#ffffff', '#ffff00', '#0000ff', '#7f7f7f']) {
  test(`extreme brand ${brand} has readable shades`, () => {
    const { light, dark } = accentShades(brand);
    assert.ok(contrast(light.accent, '#ffffff') >= readableContrast);
    assert.ok(contrast(dark.accent, accentGrounds.dark.raised) >= readableContrast);
  });
}

test('a colour that can be read stays as it is', () => {
  assert.equal(accentShades('#0f766e').light.accent, '#0f766e');
  assert.equal(accentShades('#93b1ff').dark.accent, '#93b1ff');
});

test('three digits are short for six', () => {
  assert.equal(normalAccent('#0Af'), '#00aaff');
  assert.equal(normalAccent('#0F766E'), '#0f766e');
});

test('the grounds are those of the pages', () => {
  const css = readFileSync(new URL('../web/app.css', import.meta.url), 'utf8');
  for (const name of ['paper', 'raised', 'sunken'] as const) {
    assert.match(css, new RegExp(`--${name}: light-dark\\(${accentGrounds.light[name]}, ${accentGrounds.dark[name]}\\)`));
  }
});
