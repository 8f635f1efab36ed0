import { PassThrough } from 'node:stream';
import { createReadableStreamFromReadable } from '@react-router/node';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';
import { isRouteErrorResponse, ServerRouter, type EntryContext, type HandleErrorFunction, type RouterContextProvider } from 'react-router';
import { nonceContext, webContext } from './context.ts';

export { nonceContext, webContext };

const renderTimeoutMs = 10_000;

export default function handleRequest(request: Request, status: number, headers: Headers, routerContext: EntryContext, context: RouterContextProvider): Promise<Response> {
  headers.set('content-type', 'text/html; charset=utf-8');
  if (request.method === 'HEAD') return Promise.resolve(new Response(null, { status, headers }));
  const nonce = context.get(nonceContext);
  const ready = isbot(request.headers.get('user-agent')) ? 'onAllReady' : 'onShellReady';
  return new Promise((resolve, reject) => {
    let answered = false;
    const { pipe, abort } = renderToPipeableStream(<ServerRouter context={routerContext} url={request.url} nonce={nonce} />, {
      nonce,
      [ready]() {
        answered = true;
        const body = new PassThrough({ final(done) { clearTimeout(timeout); done(); } });
        pipe(body);
        resolve(new Response(createReadableStreamFromReadable(body), { status, headers }));
      },
      onShellError: (error: unknown) => { clearTimeout(timeout); reject(error); },
      onError: (error: unknown) => { if (answered) reportFault(error, context); },
    });
    const timeout = setTimeout(abort, renderTimeoutMs);
  });
}

export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (!request.signal.aborted && !isRouteErrorResponse(error)) reportFault(error, context as RouterContextProvider);
};

function reportFault(error: unknown, context: RouterContextProvider): void {
  const web = context.get(webContext);
  web.onFault(error, web.requestId);
}
