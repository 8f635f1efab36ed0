import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { AppError } from '../errors.ts';
import type { ApiEnv } from './route.ts';

/** Lets a JSON body of at most so many bytes through. @throws AppError `input_invalid`, `body_too_large` */
export function acceptBody(bytesMax: number): MiddlewareHandler<ApiEnv> {
  const limited = bodyLimit({
    maxSize: bytesMax,
    onError: () => { throw new AppError('body_too_large', `The body is larger than ${bytesMax} bytes, which is the most that this takes.`); },
  });
  return async (context, next) => {
    const mediaType = context.req.header('content-type')?.split(';')[0]?.trim() ?? '';
    if (!/^application\/([\w.-]+\+)?json$/i.test(mediaType)) {
      throw new AppError('input_invalid', `${mediaType === '' ? 'The body has no Content-Type' : `The Content-Type is ${mediaType}`}, but this takes JSON. Send the header \`Content-Type: application/json\`.`);
    }
    return limited(context, next);
  };
}
