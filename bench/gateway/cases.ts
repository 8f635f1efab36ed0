import { bodies } from './yardsticks.ts';
import type { Load } from './load.ts';

export interface Case {
  name: string;
  title: string;
  path: string;
  load: Omit<Load, 'headers' | 'seconds'>;
  /** Of each answer. */
  bodyBytes: number;
  /** Also sent to the upstream itself, to tell what a proxy adds. */
  direct: boolean;
}

export const cases: Case[] = [
  { name: 'small', title: '1 kB, 64 connections', path: '/small', load: { connections: 64 }, bodyBytes: bodies['1k'], direct: false },
  { name: 'latency', title: '1 kB, 1 connection', path: '/small', load: { connections: 1 }, bodyBytes: bodies['1k'], direct: true },
  { name: 'down-100k', title: '100 kB down, 64 connections', path: '/100k', load: { connections: 64 }, bodyBytes: bodies['100k'], direct: false },
  { name: 'down-10m', title: '10 MB down, 8 connections', path: '/10m', load: { connections: 8 }, bodyBytes: bodies['10m'], direct: false },
  { name: 'up-1k', title: '1 kB up, 64 connections', path: '/small', load: { connections: 64, upload: bodies['1k'] }, bodyBytes: bodies['1k'], direct: false },
  { name: 'up-100k', title: '100 kB up, 64 connections', path: '/small', load: { connections: 64, upload: bodies['100k'] }, bodyBytes: bodies['1k'], direct: false },
  { name: 'up-10m', title: '10 MB up, 8 connections', path: '/small', load: { connections: 8, upload: bodies['10m'] }, bodyBytes: bodies['1k'], direct: false },
];
