const token = /\s*(?:([{}[\],:])|"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w))/y;

/**
 * Where JSON.parse refused a text (RFC 8259), as an offset; the text's end when it breaks off.
 * V8 tells the position of some mistakes only, and never that of an unexpected token.
 */
export function jsonMistakeAt(text: string, error: Error): number {
  const stated = /at position (\d+)/.exec(error.message);
  return stated ? Number(stated[1]) : scan(text);
}

function scan(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: 'value' | 'value or ]' | 'key or }' | 'key' | ':' | ', or end' = 'value';
  token.lastIndex = 0;
  for (;;) {
    const before = token.lastIndex;
    const match = token.exec(text);
    const start = match ? token.lastIndex - match[0].trimStart().length : before + /^\s*/.exec(text.slice(before))![0].length;
    if (!match) return start;
    const sign = match[1];
    const isString = text[start] === '"';
    if (sign === '}' || sign === ']') {
      const closes = sign === '}' ? expected === 'key or }' || (expected === ', or end' && open.at(-1) === '{') : expected === 'value or ]' || (expected === ', or end' && open.at(-1) === '[');
      if (!closes) return start;
      open.pop();
      expected = ', or end';
    } else if (sign === ',') {
      if (expected !== ', or end' || open.length === 0) return start;
      expected = open.at(-1) === '{' ? 'key' : 'value';
    } else if (sign === ':') {
      if (expected !== ':') return start;
      expected = 'value';
    } else if (expected === 'key' || expected === 'key or }') {
      if (!isString) return start;
      expected = ':';
    } else if (expected === 'value' || expected === 'value or ]') {
      if (sign === '{' || sign === '[') open.push(sign);
      expected = sign === '{' ? 'key or }' : sign === '[' ? 'value or ]' : ', or end';
    } else return start;
  }
}
