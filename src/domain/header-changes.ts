// Which header fields a policy may change, and what its values may say about a call.

export type HeaderSide = 'request' | 'response';

const ofConnection = ['connection', 'proxy-connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info', 'content-length'];
const ofGateway: Record<HeaderSide, string[]> = {
  request: ['via', 'x-request-id', 'forwarded', 'x-real-ip', 'expect'],
  response: ['via', 'x-request-id', 'ratelimit', 'ratelimit-policy', 'deprecation', 'sunset', 'vary', 'age', 'cache-status'],
};

/** Why a policy may not set or remove this field, as the end of a sentence; undefined when it may. */
export function fixedField(side: HeaderSide, name: string): string | undefined {
  const lower = name.toLowerCase();
  if (ofConnection.includes(lower)) return 'belongs to the connection or frames the body';
  if (side === 'request' && lower === 'host') return 'is the upstream\'s: it follows from `upstream`';
  if (lower.startsWith('sec-websocket-')) return 'belongs to the handshake of a WebSocket';
  if (side === 'response' && lower.startsWith('access-control-')) return 'is the business of `cors`';
  if (ofGateway[side].includes(lower) || (side === 'request' && lower.startsWith('x-forwarded-'))) return 'is the gateway\'s own word';
  return undefined;
}

/** What a value may name in braces: facts of the call. */
export const callFacts = ['certificate.fingerprint', 'certificate.issuer', 'certificate.serial', 'certificate.subject', 'consumer', 'developer', 'key', 'mode', 'operation', 'plan', 'product', 'request', 'subscription', 'version'] as const;
export type CallFact = (typeof callFacts)[number];

export type ValuePart = string | { fact: CallFact };

/** `{plan}` names a fact, `{{` and `}}` are braces. @returns the parts, or what is wrong with the value and the word that is meant */
export function parseFieldValue(value: string): ValuePart[] | { problem: string; word: string } {
  const parts: ValuePart[] = [];
  let text = '';
  for (let i = 0; i < value.length; i++) {
    const character = value[i]!;
    if (character !== '{' && character !== '}') {
      text += character;
    } else if (value[i + 1] === character) {
      text += character;
      i++;
    } else {
      const end = character === '{' ? value.indexOf('}', i) : -1;
      if (end < 0) return { problem: 'a brace stands alone', word: character };
      const word = value.slice(i + 1, end);
      if (!(callFacts as readonly string[]).includes(word)) return { problem: 'no fact of a call has this name', word };
      if (text !== '') parts.push(text);
      parts.push({ fact: word as CallFact });
      text = '';
      i = end;
    }
  }
  if (text !== '' || parts.length === 0) parts.push(text);
  return parts;
}
