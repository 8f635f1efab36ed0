import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { relative, dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { ContractSource } from '../../contract/contract.ts';
import { readContractSource } from '../../contract/read-source.ts';
import { isUrl } from '../../contract/reference.ts';
import { portalPaths } from '../../domain/portal-paths.ts';
import { AppError } from '../../errors.ts';
import { misuse, text } from '../command.ts';
import type { CommandDefinition, CommandInput } from '../command.ts';
import { firstConfiguration, slugOf, versionNameOf } from '../first-configuration.ts';

export const init: CommandDefinition = {
  name: 'init',
  summary: 'make a portico.yaml from an OpenAPI document and an upstream',
  description: 'Makes a commented portico.yaml from an OpenAPI file or URL and the address of your API, with a free plan. Asks for what is missing when it runs on a terminal. Needs no server.',
  options: [
    { flags: '--openapi <file-or-url>', meaning: 'OpenAPI 3.0, 3.1 or 3.2 document, JSON or YAML.' },
    { flags: '--upstream <address>', meaning: 'Address of your API. Its path is put before every operation’s path.' },
    { flags: '--slug <slug>', meaning: 'First part of the product’s addresses (default: from the title).' },
    { flags: '--out <file>', meaning: 'File to write.', default: 'portico.yaml' },
    { flags: '--force', meaning: 'Overwrite the file when it exists.' },
  ],
  examples: [
    ['portico init --openapi ./openapi.yaml --upstream http://127.0.0.1:4010', 'From a file.'],
    ['portico init --openapi https://api.example.com/openapi.json --upstream https://api.example.com', 'From an address.'],
    ['portico init', 'Ask for both.'],
  ],
  async run(input) {
    const { options, terminal } = input;
    const out = text(options, 'out')!;
    if (existsSync(out) && options['force'] !== true) throw new AppError('conflict', `${out} exists. Choose another name with --out, or overwrite it with --force.`);
    const openapi = text(options, 'openapi') ?? await ask(input, '--openapi', 'OpenAPI document (file or URL)');
    const source = await terminal.progress(`Reading ${openapi}`, () => readContractSource(openapi));
    // Loaded here alone: `start` stays for as long as Portico runs, and has no use for it.
    const { loadContract } = await import('../../contract/load.ts');
    const contract = await terminal.progress(`Checking ${openapi}`, () => loadContract(source));
    const upstream = checkUpstream(text(options, 'upstream') ?? await ask(input, '--upstream', 'Address of your API', serverAddress(contract.document)));
    const slug = checkSlug(text(options, 'slug') ?? slugOf(contract.title));
    const version = versionNameOf(contract.document);
    await writeFile(out, firstConfiguration({ title: contract.title, slug, version, upstream, openapi: pathFrom(out, source) }));
    const sample = contract.operations.find((operation) => operation.method === 'GET' && !operation.path.includes('{'));
    terminal.printJson({ file: out, product: slug, name: contract.title, version, operations: contract.operations.length, upstream });
    terminal.print(`Wrote ${out}: ${contract.title}, ${contract.operations.length} ${contract.operations.length === 1 ? 'operation' : 'operations'} as version ${version}, one free plan.`);
    terminal.print();
    const portico = input.context.environment['npm_command'] === 'exec' ? 'npx portico' : 'portico';
    terminal.print('Next:');
    terminal.print(`  ${portico} start`);
    terminal.print(`  ${portico} keys create --product ${slug} --plan free --email you@example.com`);
    if (sample) terminal.print(`  curl -H "Authorization: Bearer <key>" http://127.0.0.1:8080/${slug}/${version}${sample.path}`);
  },
};

/** The document's own server is the likely answer, never a silent one. */
async function ask({ context, terminal }: CommandInput, flag: string, question: string, proposal?: string): Promise<string> {
  if (context.stdin.isTTY !== true || context.stdout.isTTY !== true || terminal.json) misuse(`${flag} is missing.${proposal === undefined ? '' : ` The document names ${proposal}.`}`);
  const prompt = createInterface({ input: context.stdin, output: context.stderr as NodeJS.WritableStream });
  try {
    const answer = (await prompt.question(`${question}${proposal === undefined ? '' : ` [${proposal}]`}: `)).trim();
    return answer || proposal || misuse(`${flag} is missing.`);
  } finally {
    prompt.close();
  }
}

function serverAddress(document: Record<string, unknown>): string | undefined {
  const servers = document['servers'];
  const url = Array.isArray(servers) ? (servers[0] as { url?: unknown } | undefined)?.url : undefined;
  return typeof url === 'string' && isUrl(url) && !url.includes('{') ? url.replace(/\/$/, '') : undefined;
}

function checkUpstream(address: string): string {
  if (!isUrl(address) || !URL.canParse(address)) misuse(`--upstream is "${address}", but it must be an address that starts with http:// or https://.`);
  return address;
}

function checkSlug(slug: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(slug)) misuse(`--slug is "${slug}", but it must have 1 to 63 lower-case letters, digits and hyphens, and neither begin nor end with a hyphen.`);
  if (portalPaths.has(slug)) misuse(`The portal itself uses the address /${slug}, so no product can be called "${slug}". Choose another with --slug, such as "${slug}-api".`);
  return slug;
}

/** Files in portico.yaml are relative to it. */
function pathFrom(out: string, source: ContractSource): string {
  if (isUrl(source.file)) return source.file;
  const path = relative(dirname(out), source.file).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}
