import { isObject } from './reference.ts';

/** Why a parsed file is no OpenAPI 3.0, 3.1 or 3.2 document, or undefined when it is one. */
export function versionProblem(value: unknown): { pointer: string; detail: string } | undefined {
  if (!isObject(value)) return { pointer: '', detail: `The file holds ${Array.isArray(value) ? 'a list' : 'plain text'}. An object with the fields \`openapi\`, \`info\` and \`paths\` was expected.` };
  const { openapi, swagger, asyncapi } = value;
  if (typeof openapi === 'string' && /^3\.[012]\.\d+(-.+)?$/.test(openapi)) return undefined;
  if (openapi !== undefined) return { pointer: '/openapi', detail: openapiDetail(openapi) };
  if (swagger !== undefined) return { pointer: '/swagger', detail: `This is Swagger ${String(swagger)}. OpenAPI 3.0, 3.1 or 3.2 was expected: convert it to 3.x, for example with \`npx swagger2openapi\`.` };
  if (asyncapi !== undefined) return { pointer: '/asyncapi', detail: 'This is an AsyncAPI document. OpenAPI 3.0, 3.1 or 3.2 was expected.' };
  return { pointer: '', detail: 'The field `openapi` is missing, so this is no OpenAPI document. Begin it with `openapi: 3.1.0`.' };
}

function openapiDetail(openapi: unknown): string {
  if (typeof openapi === 'number') return `\`openapi\` is the number ${openapi}; the full version as text was expected, such as \`openapi: 3.1.0\`.`;
  if (typeof openapi === 'string' && /^3\.[012]$/.test(openapi)) return `\`openapi\` is \`${openapi}\`; the full version was expected, such as \`openapi: ${openapi}.0\`.`;
  return `\`openapi\` is \`${String(openapi)}\`; Portico reads 3.0, 3.1 and 3.2.`;
}
