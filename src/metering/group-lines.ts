// Lines of requests enter; what leaves is one group for all that the ledger holds to be alike, so that what costs is done once for each.
import { columnAfter, requestMark } from './request-line.ts';

export interface LineGroup {
  /** Start of the hour, ms UTC. */
  hour: number;
  /** Consumer, key, subscription, operation, version, mode, origin and upstream status, as they stand in the line. */
  subject: string;
  count: number;
  /** Of requests and responses. */
  bytes: bigint;
  /** Where an upstream reported any, as JSON. */
  units: string[];
  first: string;
  firstAt: number;
  lastAt: number;
}

interface Group extends Omit<LineGroup, 'bytes'> { bytes: number; bytesBefore: bigint }

const hourMs = 3_600_000;
const subjectColumns = 8;
/** Below this a sum of sizes is exact as a number. */
const exactMax = 2 ** 52;

export function groupLines(lines: readonly string[]): LineGroup[] {
  const hours = new Map<number, Map<string, Group>>();
  let hour = NaN;
  let groups = new Map<string, Group>();
  for (const line of lines) {
    const atFrom = line.indexOf('\t', requestMark.length) + 1;
    const subjectFrom = line.indexOf('\t', atFrom) + 1;
    const requestFrom = columnAfter(line, subjectFrom, subjectColumns);
    const responseFrom = line.indexOf('\t', requestFrom) + 1;
    const unitsFrom = line.indexOf('\t', responseFrom) + 1;
    const at = Number(line.slice(atFrom, subjectFrom - 1));
    const start = at - (at % hourMs);
    if (start !== hour) {
      hour = start;
      groups = hours.get(hour) ?? new Map<string, Group>();
      hours.set(hour, groups);
    }
    const subject = line.slice(subjectFrom, requestFrom - 1);
    let group = groups.get(subject);
    if (group === undefined) {
      group = { hour, subject, count: 0, bytes: 0, bytesBefore: 0n, units: [], first: line, firstAt: at, lastAt: at };
      groups.set(subject, group);
    }
    group.count++;
    if (at < group.firstAt) {
      group.first = line;
      group.firstAt = at;
    } else if (at > group.lastAt) group.lastAt = at;
    addBytes(group, Number(line.slice(requestFrom, responseFrom - 1)) + Number(line.slice(responseFrom, unitsFrom - 1)));
    if (line.charCodeAt(unitsFrom) !== 0x09) group.units.push(line.slice(unitsFrom, line.indexOf('\t', unitsFrom)));
  }
  return [...hours.values()].flatMap((each) => [...each.values()].map(({ bytes, bytesBefore, ...group }) => ({ ...group, bytes: bytesBefore + BigInt(bytes) })));
}

function addBytes(group: Group, bytes: number): void {
  group.bytes += bytes;
  if (group.bytes < exactMax) return;
  group.bytesBefore += BigInt(group.bytes);
  group.bytes = 0;
}
