import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atPace, forecastQuantity } from './forecast.ts';

const day = 86_400_000;
const cases: [name: string, quantity: string, since: number, at: number, expected: string][] = [
  ['a third of the time, three times as much', '100', 0, 10 * day, '300'], ['counted from the day that it began', '100', 20 * day, 25 * day, '200'], ['whole quantities stay whole', '1', 0, 7 * day, '4'],
  ['parts stay exact', '0.3', 0, 20 * day, '0.45'], ['at the beginning nothing is known', '5', 0, 0, '5'], ['at the end all is', '5', 0, 30 * day, '5'], ['nothing stays nothing', '0', 0, day, '0'],
  ['the first minutes are the pace of a day', '142', 0, day / 72, '4400'], ['of the last day as well', '24', 29 * day, 29.5 * day, '36'],
  ['thirty digits', '123456789012345678901234567890', 0, 15 * day, '246913578024691357802469135780'],
];
for (const [name, quantity, since, at, expected] of cases) test(`a forecast: ${name}`, () => assert.equal(forecastQuantity(quantity, { to: 30 * day, since, at }), expected));

const paces: [name: string, quantity: string, passed: number, length: number, expected: string][] = [
  ['longer', '400', 30 * day, 31 * day, '413'], ['shorter', '310', 31 * day, 28 * day, '280'], ['a year in a month', '3650', 365 * day, 30 * day, '300'], ['as long', '7', 30 * day, 30 * day, '7'], ['shorter, in parts', '0.3', 30 * day, 10 * day, '0.1'],
  ['thirty digits shorter', '246913578024691357802469135780', 30 * day, 15 * day, '123456789012345678901234567890'], ['of the first hour', '24', day / 24, 2 * day, '71'],
];
for (const [name, quantity, passed, length, expected] of paces) test(`a pace: ${name}`, () => assert.equal(atPace(quantity, { passed, length }), expected));
