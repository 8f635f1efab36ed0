// One run of wrk: what it sent, what came back, and how long that took.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Load {
  connections: number;
  seconds: number;
  headers: Record<string, string>;
  /** Bytes of a request body; then the method is POST. */
  upload?: number;
  /** Of each connection between an answer and its next request, ms. */
  pauseMs?: number;
  /** A file with one `path<TAB>key` a line, drawn at random. */
  drawn?: string;
}

export interface LoadResult {
  requests: number;
  seconds: number;
  bytes: number;
  /** Of any kind: connections, timeouts, statuses from 400 on. */
  errors: number;
  p50Us: number;
  p99Us: number;
  maxUs: number;
}

/** Prints what wrk counted as one line of JSON. */
const report = `
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"seconds":%f,"bytes":%d,"errors":%d,"p50Us":%d,"p99Us":%d,"maxUs":%d}\\n',
    summary.requests, summary.duration / 1e6, summary.bytes, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
`;

export function runLoad(folder: string, url: string, load: Load): Promise<LoadResult> {
  const script = join(folder, 'load.lua');
  writeFileSync(script, setup(load) + report);
  const fields = load.drawn === undefined ? Object.entries(load.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]) : [];
  const args = ['-t', '1', '-c', String(load.connections), '-d', `${load.seconds}s`, '--timeout', '30s', '-s', script, ...fields, url];
  return new Promise((resolve, reject) => {
    execFile('wrk', args, { maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      const line = /RESULT (.*)/.exec(stdout)?.[1];
      if (error || line === undefined) reject(new Error(`wrk failed: ${stderr}${stdout}`));
      else resolve(JSON.parse(line) as LoadResult);
    });
  });
}

function setup({ upload, drawn, pauseMs }: Load): string {
  if (pauseMs !== undefined) return `function delay() return ${pauseMs} end\n`;
  if (upload !== undefined) return `wrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/octet-stream'\nwrk.body = string.rep('x', ${upload})\n`;
  if (drawn === undefined) return '';
  return `
local requests = {}
function init(args)
  math.randomseed(7)
  for line in io.lines(${JSON.stringify(drawn)}) do
    local path, key = line:match('([^\\t]+)\\t([^\\t]+)')
    requests[#requests + 1] = wrk.format('GET', path, { ['Authorization'] = 'Bearer ' .. key })
  end
end
function request() return requests[math.random(#requests)] end
`;
}
