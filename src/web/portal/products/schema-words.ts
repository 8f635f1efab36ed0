import type { SchemaNode } from '../../../control/services.ts';
import { texts } from '../../texts.ts';

const words = texts.reference;

/** `array of City or null`, `string (date-time)`, `one of these`. */
export function typeWords({ types, of, title, format, choice, circle }: SchemaNode): string {
  if (circle !== undefined) return circle;
  const names = types.map((type) => (type === 'array' && of ? words.arrayOf(of.length > 0 ? of.join(words.or) : words.anything) : type === 'object' && title ? title : type));
  const text = names.length > 0 ? names.join(words.or) : choice ? '' : (title ?? words.anything);
  const choices = choice ? words[choice] : '';
  return `${[choices, text].filter((part) => part !== '').join(words.or)}${format ? ` (${format})` : ''}`;
}

/** `at least 1`, `one of "a", "b"`. */
export function ruleWords({ rules = [] }: SchemaNode): string[] {
  return rules.map(([keyword, value]) => words.rules[keyword]?.(valueWords(keyword, value)) ?? `${keyword} ${valueWords(keyword, value)}`);
}

function valueWords(keyword: string, value: unknown): string {
  if (keyword === 'enum' || keyword === 'examples') return (Array.isArray(value) ? value : [value]).map((item) => JSON.stringify(item)).join(', ');
  return typeof value === 'string' && keyword !== 'const' && keyword !== 'default' ? value : JSON.stringify(value);
}

/** What stands before a row: the name of a field, or what the row is to the one above. */
export function rowName({ name, role, value }: SchemaNode): { code: string; words: string } {
  if (role === undefined) return { code: name, words: '' };
  if (role === 'choice') return value === undefined ? { code: '', words: words.option(name) } : { code: value, words: '' };
  if (role === 'pattern') return { code: '', words: words.pattern(name) };
  if (role === 'prefix') return { code: '', words: words.position(name) };
  return { code: '', words: words[role] };
}

const flagWords = { required: words.required, deprecated: words.deprecated, readOnly: words.readOnly, writeOnly: words.writeOnly, closed: words.closed };

export function flagsOf({ flags = [] }: SchemaNode): { name: keyof typeof flagWords; text: string }[] {
  return flags.map((name) => ({ name, text: flagWords[name] }));
}
