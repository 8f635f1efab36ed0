// Mistakes in the `policies` of a product that the JSON Schema cannot tell.
import { addressRanges } from '../../domain/client-address.ts';
import { parseDuration } from '../../domain/duration.ts';
import { callFacts, fixedField, parseFieldValue, type HeaderSide } from '../../domain/header-changes.ts';
import { closestName } from '../../domain/closest-name.ts';
import { normalOrigin } from './policies.ts';
import type { ConfigProblem } from './schema-problems.ts';
import { tokenProblems } from './token-problems.ts';
import type { WrittenCors, WrittenHeaderChanges, WrittenPolicies, WrittenProduct } from './written-config.ts';
import { pointerOf } from './yaml.ts';

const ownMsMax = 30_000;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

/** @param at the pointer of `policies` */
export function policyProblems(product: WrittenProduct, at: string): ConfigProblem[] {
  const { policies } = product;
  if (!policies) return [];
  return [
    ...(policies.cors ? corsProblems(product, policies.cors, `${at}/cors`) : []),
    ...addressProblems(policies.addresses, `${at}/addresses`),
    ...headerProblems('request', policies.requestHeaders, `${at}/requestHeaders`),
    ...headerProblems('response', policies.responseHeaders, `${at}/responseHeaders`),
    ...tokenProblems(policies.tokens, `${at}/tokens`),
    ...(policies.validate?.parameters === false && policies.validate.body === false ? [value(`${at}/validate`, 'Neither parameters nor bodies are checked. Take `validate` out, or leave one of them on.')] : []),
    ...((parseDuration(policies.own?.timeLimit ?? '1s') ?? 0) > ownMsMax ? [value(`${at}/own/timeLimit`, 'Write a time of at most `30s`.')] : []),
  ];
}

function corsProblems({ access }: WrittenProduct, { origins, credentials }: WrittenCors, at: string): ConfigProblem[] {
  const normal = origins.map(normalOrigin);
  const problems = normal.flatMap((origin, index) => (normal.indexOf(origin) < index ? [value(`${at}/origins/${index}`, `The origin "${origins[index]}" stands twice.`)] : []));
  if (normal.includes('*') && normal.length > 1) problems.push(value(`${at}/origins/${normal.indexOf('*')}`, '`"*"` stands for all origins, so no other stands beside it.'));
  if (credentials && normal.includes('*')) problems.push(value(`${at}/credentials`, 'Browsers refuse credentials where every origin is allowed. Name the origins.'));
  if (credentials && access === 'private') problems.push(value(`${at}/credentials`, 'A preflight carries no key, so it cannot be told of a private product that it takes credentials. Keys in header fields need none.'));
  return problems;
}

function addressProblems(addresses: WrittenPolicies['addresses'], at: string): ConfigProblem[] {
  return (['allow', 'deny'] as const).flatMap((list) => (addresses?.[list] ?? []).flatMap((entry, index) => {
    if (isRange(entry)) return [];
    return [value(`${at}/${list}/${index}`, `"${entry}" is neither an address nor a CIDR range. Write one such as \`203.0.113.7\`, \`10.0.0.0/8\` or \`2001:db8::/32\`.`)];
  }));
}

function isRange(entry: string): boolean {
  try {
    addressRanges([entry]);
    return true;
  } catch {
    return false;
  }
}

function headerProblems(side: HeaderSide, changes: WrittenHeaderChanges | undefined, at: string): ConfigProblem[] {
  const set = Object.entries(changes?.set ?? {});
  const remove = changes?.remove ?? [];
  const places = [...set.map(([name]) => ({ name, pointer: pointerOf(`${at}/set`, name), key: true })), ...remove.map((name, index) => ({ name, pointer: `${at}/remove/${index}`, key: false }))];
  const names = places.map(({ name }) => name.toLowerCase());
  const ofNames = places.flatMap(({ name, pointer, key }, index): ConfigProblem[] => {
    const told = (detail: string): ConfigProblem[] => [{ pointer, at: key ? 'key' : 'value', detail }];
    if (!token.test(name)) return told(`"${name}" is no name of an HTTP header field. Write one such as \`X-Environment\`.`);
    const fixed = fixedField(side, name);
    if (fixed !== undefined) return told(`${name} ${fixed}, so no policy changes it.`);
    return names.indexOf(names[index]!) < index ? told(`${name} stands twice. Keep one: \`set\` takes the place of whatever was sent.`) : [];
  });
  return [...ofNames, ...set.flatMap(([name, text]) => valueProblems(text, pointerOf(`${at}/set`, name)))];
}

function valueProblems(text: string, pointer: string): ConfigProblem[] {
  const parsed = parseFieldValue(text);
  if (Array.isArray(parsed)) return [];
  const { problem, word } = parsed;
  if (word === '{' || word === '}') return [value(pointer, `In "${text}" ${problem}. Write \`{{\` or \`}}\` for a brace that is meant as such.`)];
  const close = closestName(word, callFacts);
  return [value(pointer, `In "${text}", ${problem}: \`{${word}}\`. ${close === undefined ? `Facts are ${callFacts.map((fact) => `\`{${fact}}\``).join(', ')}.` : `Did you mean \`{${close}}\`?`}`)];
}

function value(pointer: string, detail: string): ConfigProblem {
  return { pointer, at: 'value', detail };
}
