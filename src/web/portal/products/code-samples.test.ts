import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { codeSamples, sampleCall, type SampleCall } from './code-samples.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'portico-samples-'));
const seen: { method: string; url: string; key: string; note: string; type: string; body: string }[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', () => {
    const header = (name: string): string => Buffer.from(String(request.headers[name] ?? ''), 'latin1').toString();
    seen.push({ method: request.method!, url: request.url!, key: header('authorization'), note: header('x-note'), type: header('content-type'), body: Buffer.concat(chunks).toString() });
    response.end('seen');
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const odd = `O'Brien "x" \\ $HOME \${a} \`b\` %s {{}} ünï 漢字 😀\nline\ttab </script>`;
const calls: Record<string, Omit<SampleCall, 'url'> & { path: string; json?: boolean }> = {
  'a plain GET': { method: 'GET', path: '/cities?limit=5&q=S%C3%A3o%20Paulo&list=a,b', headers: {}, body: null },
  'quotes in the address and a header': { method: 'GET', path: "/ci'ties/$HOME", headers: { 'X-Note': `it's "quoted" $HOME \`x\` \\ end` }, body: null },
  'a JSON body of every kind of value': { method: 'POST', path: '/cities', headers: { 'Content-Type': 'application/json' }, body: json({ name: odd, n: 1, ok: true, no: false, none: null, list: ['true', 'null'], empty: {}, 'odd "key"': [] }), json: true },
  'numbers that a float would round': { method: 'PUT', path: '/cities/1', headers: { 'Content-Type': 'application/json' }, body: '{"id": 12345678901234567890, "price": 1.50}' },
  'a body in lines that is no JSON': { method: 'POST', path: '/text', headers: { 'Content-Type': 'text/plain' }, body: '@first\nsecond  \n  third `x`' },
  'carriage returns': { method: 'POST', path: '/form', headers: { 'Content-Type': 'multipart/form-data; boundary=b' }, body: '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n' },
  'a DELETE': { method: 'DELETE', path: '/cities/1', headers: {}, body: null },
};

/** Where each run compiles first, the calls that are hard to write. */
const hard = ['a JSON body of every kind of value', 'quotes in the address and a header', 'carriage returns'];

/** With the flags that compile fastest: Go's first run on a machine compiles its library. */
const tools: { language: string; file: string; check: [string, string[]]; command: (file: string) => [string, string[]] }[] = [
  { language: 'bash', file: 'call.sh', check: ['curl', ['--version']], command: (file) => ['bash', [file]] },
  { language: 'typescript', file: 'call.ts', check: [process.execPath, ['--version']], command: (file) => [process.execPath, ['--input-type=module-typescript', '-e', `await import(${JSON.stringify(file)})`]] },
  { language: 'python', file: 'call.py', check: ['python3', ['--version']], command: (file) => ['python3', [file]] },
  { language: 'go', file: 'call.go', check: ['go', ['version']], command: (file) => ['go', ['run', '-gcflags=all=-l', file]] },
  { language: 'php', file: 'call.php', check: ['php', ['--version']], command: (file) => ['php', [file]] },
  { language: 'java', file: 'Call.java', check: ['javac', ['--version']], command: (file) => ['java', ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', file]] },
];

function missing([command, args]: [string, string[]]): string | false {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return false;
  } catch {
    return `${command} is not installed`;
  }
}

for (const { language, file, check, command } of tools) {
  test(`the ${language} sample sends exactly its request`, { skip: missing(check), timeout: 240_000 }, async () => {
    for (const [name, { path, json: isJson, ...rest }] of Object.entries(calls)) {
      if (['go', 'java'].includes(language) && !hard.includes(name)) continue;
      const call = sampleCall(base, { ...rest, path }, 'atlas_test_key');
      const source = join(folder, file);
      writeFileSync(source, codeSamples(call).find((sample) => sample.language === language)!.code);
      seen.length = 0;
      const [tool, args] = command(source);
      await run(tool, args, { cwd: folder });
      const [got] = seen;
      assert.ok(got, `${name}: a request came`);
      const body = isJson ? json(JSON.parse(got.body)) : got.body;
      assert.deepEqual({ ...got, body }, { method: rest.method, url: path, key: 'Bearer atlas_test_key', note: rest.headers['X-Note'] ?? '', type: rest.headers['Content-Type'] ?? '', body: rest.body ?? '' }, name);
    }
  });
}

test('each language has one sample, in the order of the tabs', () => {
  assert.deepEqual(codeSamples(sampleCall(base, { method: 'GET', path: '/', headers: {}, body: null }, 'k')).map(({ label }) => label), ['curl', 'TypeScript', 'Python', 'Go', 'PHP', 'Java']);
});
