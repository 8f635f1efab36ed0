// Enters: the bundle, and issuers of tokens whose public keys are in files of it. Leaves: the keys themselves in their place.
import { Buffer } from 'node:buffer';
import { posix } from 'node:path';
import { publicKeysOf, type TokenIssuer } from '../../domain/token.ts';
import type { ConfigBundle } from '../services.ts';
import { refuse, type ParsedConfig } from './parse-config.ts';
import type { ConfigProblem } from './schema-problems.ts';
import { keyProblems } from './token-problems.ts';

/** @throws AppError `config_invalid` for files that are missing or hold none. */
export function withKeyFiles(parsed: ParsedConfig, bundle: ConfigBundle): ParsedConfig {
  const files = new Map(bundle.files.map((file) => [normalPath(file.path), file]));
  const problems: ConfigProblem[] = [];
  const read = (issuer: TokenIssuer, pointer: string): TokenIssuer => {
    if (!('file' in issuer.jwks)) return issuer;
    const { file } = issuer.jwks;
    const found = files.get(normalPath(file)) ?? files.get(normalPath(posix.join(posix.dirname(bundle.file.replaceAll('\\', '/')), file)));
    if (!found) {
      problems.push({ pointer, at: 'value', detail: `There is no file ${file}. Write an address with \`https://\`, a path relative to ${bundle.file}, or the keys themselves.` });
      return issuer;
    }
    const jwks = parseJson(found.encoding === 'base64' ? Buffer.from(found.text, 'base64').toString('utf8') : found.text);
    problems.push(...keyProblems(jwks, pointer).map((problem) => ({ ...problem, detail: `${file}: ${problem.detail}` })));
    return { ...issuer, jwks: { keys: publicKeysOf(jwks) } };
  };
  const products = parsed.config.products.map((product, p) => {
    const { tokens } = product.policies;
    if (!tokens) return product;
    const issuers = tokens.issuers.map((issuer, i) => read(issuer, `/products/${p}/policies/tokens/issuers/${i}/jwks`));
    return { ...product, policies: { ...product.policies, tokens: { ...tokens, issuers } } };
  });
  refuse(problems.map(parsed.place));
  return { ...parsed, config: { ...parsed.config, products } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function normalPath(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/'));
}
