// What a handler throws enters; an application/problem+json answer (RFC 9457) leaves.
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { jsonMistakeAt } from '../domain/json-mistake.ts';
import { AppError, errorCatalogue, isAppError } from '../errors.ts';
import type { ApiEnv } from './route.ts';

/** Answers with the error's problem; what is not an expected refusal is logged and becomes `internal`. */
export async function answerProblem(error: unknown, context: Context<ApiEnv>, options: { webUrl: string; log: Logger }): Promise<Response> {
  const known = isAppError(error) ? error : await readTransportError(error, context);
  const refusal = known ?? new AppError('internal', 'Portico failed to answer. The failure was logged with this request id.', { cause: error });
  const requestId = context.get('requestId');
  if (refusal.status >= 500) options.log.error({ err: known ?? error, requestId, method: context.req.method, path: context.req.path }, 'management API request failed');
  const entry = errorCatalogue[refusal.code];
  const headers = new Headers(refusal.code === 'not_signed_in' ? { 'WWW-Authenticate': 'Bearer realm="Portico management API"' } : {});
  headers.set('Content-Type', 'application/problem+json');
  const allow = context.get('allow');
  if (allow) headers.set('Allow', allow);
  const problem = {
    type: `${options.webUrl}/errors/${refusal.code}`,
    title: entry.title,
    status: entry.status,
    detail: refusal.message,
    code: refusal.code,
    requestId,
    ...(refusal.errors.length > 0 ? { errors: refusal.errors } : {}),
  };
  return context.body(JSON.stringify(problem), entry.status as 400, Object.fromEntries(headers));
}

/** The framework throws on JSON that cannot be parsed, without the place; the cached body still has it. */
async function readTransportError(error: unknown, context: Context<ApiEnv>): Promise<AppError | undefined> {
  if (!(error instanceof HTTPException) || error.status !== 400) return undefined;
  const text = await context.req.text().catch(() => '');
  return malformedJson(text) ?? new AppError('input_invalid', error.message);
}

function malformedJson(text: string): AppError | undefined {
  if (text.trim() === '') return new AppError('input_invalid', 'The body is empty, but this needs a JSON document.');
  try {
    JSON.parse(text);
    return undefined;
  } catch (cause) {
    const { message } = cause as SyntaxError;
    const before = text.slice(0, jsonMistakeAt(text, cause as SyntaxError));
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    return new AppError('input_invalid', `The body is not valid JSON: line ${line}, column ${column}.`, { errors: [{ detail: message, line, column }], cause });
  }
}
