import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { settings } from '../config.ts';
import { AppError } from '../errors.ts';
import { commandGroups, commands } from './program.ts';
import { run } from './testkit.ts';

const names = [...commands[''].map(({ name }) => [name]), ...commandGroups.flatMap((group) => commands[group].map(({ name }) => [group, name]))];

describe('help', () => {
  test('the guide shows the help of every command as it is', async () => {
    const guide = await readFile(new URL('../../docs/guide/commands.md', import.meta.url), 'utf8');
    for (const words of [[], ...commandGroups.map((group) => [group]), ...names]) {
      const { code, stdout } = await run([...words, '--help']);
      assert.equal(code, 0);
      assert.ok(guide.includes(`\`\`\`text\n${stdout.trimEnd()}\n\`\`\``), `docs/guide/commands.md shows what \`portico ${[...words, '--help'].join(' ')}\` prints:\n${stdout}`);
    }
  });

  test('tells exit codes and examples', async () => {
    for (const words of names) {
      const { stdout } = await run([...words, '--help']);
      assert.match(stdout, /Exit codes: 0 .*1 .*2 /, words.join(' '));
      assert.match(stdout, new RegExp(`Examples:[^]*portico ${words.join(' ')}`), words.join(' '));
      assert.match(stdout, /--json/);
    }
  });

  test('the version', async () => {
    assert.deepEqual(await run(['--version']), { code: 0, stdout: '1.2.3\n', stderr: '', started: [] });
  });
});

describe('wrong uses end with 2 and say what was wrong', () => {
  const rows: { args: string[]; says: RegExp }[] = [
    { args: [], says: /Usage: portico/ },
    { args: ['keys'], says: /Usage: portico keys/ },
    { args: ['aply'], says: /unknown command 'aply'.*Did you mean apply\?/ },
    { args: ['keys', 'creat'], says: /unknown command 'creat'/ },
    { args: ['usage', '--sinse', '24h'], says: /unknown option '--sinse'.*--since[^]*See `portico usage --help`/ },
    { args: ['usage', 'everything'], says: /too many arguments/ },
    { args: ['usage', '--since', '24'], says: /--since is "24".*duration/ },
    { args: ['usage', '--since'], says: /argument missing/ },
    { args: ['adoption', '--since', 'yesterday'], says: /duration/ },
    { args: ['requests', '--status', '4x'], says: /--status is "4x".*4xx/ },
    { args: ['requests', '--limit', '0'], says: /--limit is "0".*from 1 to/ },
    { args: ['requests', '--limit', '1e3'], says: /--limit/ },
    { args: ['requests', '--mode', 'prod'], says: /Allowed choices are live, test/ },
    { args: ['keys', 'create', '--product', 'atlas'], says: /--email <address>.*See `portico keys create --help`/s },
    { args: ['keys', 'create', '--email', 'dev@example.com'], says: /--product/ },
    { args: ['keys', 'roll'], says: /missing required argument 'id'/ },
    { args: ['keys', 'roll', 'key_1', '--overlap', '-1h'], says: /argument missing|--overlap/ },
    { args: ['keys', 'revoke'], says: /missing required argument 'id'/ },
    { args: ['backup'], says: /missing required argument 'file'/ },
    { args: ['restore'], says: /missing required argument 'file'/ },
    { args: ['init', '--upstream', 'http://127.0.0.1:1'], says: /--openapi is missing/ },
  ];
  for (const { args, says } of rows) {
    test(`portico ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.equal(code, 2);
      assert.match(stderr, says);
      assert.equal(stdout, '');
    });
    if (args.length > 0 && args.join(' ') !== 'keys') {
      test(`portico ${args.join(' ')} --json`, async () => {
        const { code, stdout } = await run([args[0]!, '--json', ...args.slice(1)]);
        assert.equal(code, 2);
        assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'input_invalid');
      });
    }
  }
});

describe('start', () => {
  test('every setting is a flag', async () => {
    const flags = Object.fromEntries(Object.keys(settings).map((name, i) => [name, `value-${i}`]));
    const args = Object.entries(settings).flatMap(([name, { flag }]) => [flag, flags[name]!]);
    const { code, started } = await run(['start', ...args, '--config', 'other.yaml', '--watch']);
    assert.equal(code, 0);
    assert.deepEqual(started, [{ flags, watch: true, json: false, configurationFile: 'other.yaml' }]);
  });

  test('nothing needs to be set', async () => {
    assert.deepEqual((await run(['start', '--json'])).started, [{ flags: {}, watch: false, json: true }]);
  });

  test('a refusal ends with 1 and its places', async () => {
    const start = async (): Promise<number> => { throw new AppError('config_invalid', 'portico.yaml has a mistake.', { errors: [{ file: 'portico.yaml', line: 3, column: 7, detail: 'unknown key `slugg`' }] }); };
    const { code, stdout, stderr } = await run(['start', '--json'], { start });
    assert.equal(code, 1);
    assert.equal(stderr, 'error: portico.yaml has a mistake.\n  portico.yaml:3:7: unknown key `slugg`\n');
    assert.deepEqual((JSON.parse(stdout) as { error: { code: string; errors: object[] } }).error.errors, [{ file: 'portico.yaml', line: 3, column: 7, detail: 'unknown key `slugg`' }]);
  });

  test('a fault ends with 1 and says so', async () => {
    const start = async (): Promise<number> => { throw new TypeError('x is not a function'); };
    const { code, stderr } = await run(['start'], { start });
    assert.equal(code, 1);
    assert.match(stderr, /^error: x is not a function.*fault of Portico/);
  });
});

describe('finding Portico', () => {
  const token = { PORTICO_ADMIN_TOKEN: 'padm_1' };
  test('nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { code, stderr } = await run(['usage'], { environment: { ...token, PORTICO_WEB_PORT: String(port) } });
    assert.equal(code, 1);
    assert.equal(stderr, `error: No Portico answers at http://127.0.0.1:${port} (ECONNREFUSED). Start it with \`portico start\`, or set PORTICO_URL.\n`);
  });

  test('no token', async () => {
    const { code, stderr } = await run(['usage', '--data', '/nonexistent']);
    assert.equal(code, 1);
    assert.match(stderr, /PORTICO_ADMIN_TOKEN is not set, and \/nonexistent\/admin-token cannot be read/);
  });

  test('an address that is none', async () => {
    const { code, stderr } = await run(['usage', '--url', 'localhost:3000'], { environment: token });
    assert.equal(code, 1);
    assert.match(stderr, /"localhost:3000", but it must start with http/);
  });

  test('another server answers', async () => {
    for (const [status, type, body] of [[200, 'text/html', '<h1>It works</h1>'], [404, 'text/html', 'not found'], [404, 'application/json', '{"error":"nope"}']] as const) {
      const server = createServer((_, response) => response.writeHead(status, { 'content-type': type }).end(body)).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { code, stderr } = await run(['usage'], { environment: { ...token, PORTICO_URL: url } });
      server.closeAllConnections();
      server.close();
      assert.equal(code, 1);
      assert.match(stderr, /not as Portico's management API does/);
    }
  });
});
