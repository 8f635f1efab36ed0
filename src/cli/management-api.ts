// The management API as the commands call it: where it is, who asks, and its problems turned back into errors.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { AppError, errorCatalogue } from '../errors.ts';
import type { ErrorCode, ErrorPlace } from '../errors.ts';

export interface Target { url: string; token: string }

export interface ManagementApi {
  get<T>(path: string, query?: Record<string, string | number | undefined>): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  /** The answer as it streams. */
  download(path: string): Promise<Response>;
}

/** Finds the running Portico by --url or PORTICO_URL, else loopback and PORTICO_WEB_PORT; its token by PORTICO_ADMIN_TOKEN, else the data folder's file. */
export async function findTarget(environment: Record<string, string | undefined>, options: { url?: string; data?: string }): Promise<Target> {
  const config = readConfig({ PORTICO_WEB_PORT: environment['PORTICO_WEB_PORT'], PORTICO_DATA: options.data ?? environment['PORTICO_DATA'] });
  const url = options.url ?? (environment['PORTICO_URL'] || `http://127.0.0.1:${config.webPort}`);
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new AppError('input_invalid', `The address of Portico is "${url}", but it must start with http:// or https://. It comes from ${options.url ? '--url' : 'PORTICO_URL'}.`);
  return { url: url.replace(/\/+$/, ''), token: environment['PORTICO_ADMIN_TOKEN'] || await readToken(config.dataFolder) };
}

async function readToken(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'admin-token');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new AppError('not_signed_in', `There is no admin token: PORTICO_ADMIN_TOKEN is not set, and ${file} cannot be read. Run this where \`portico start\` runs, or name its data folder with --data.`, { cause });
  }
}

export function managementApi(target: Target): ManagementApi {
  const call = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await send(target, method, path, body);
    if (!response.ok) throw await readProblem(target, response);
    return response;
  };
  return {
    get: async <T>(path: string, query: Record<string, string | number | undefined> = {}) => {
      const given = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
      const search = new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)]))).toString();
      return readJson<T>(target, await call('GET', search === '' ? path : `${path}?${search}`));
    },
    post: async <T>(path: string, body?: unknown) => readJson<T>(target, await call('POST', path, body)),
    put: async <T>(path: string, body: unknown) => readJson<T>(target, await call('PUT', path, body)),
    download: (path) => call('GET', path),
  };
}

async function send(target: Target, method: string, path: string, body: unknown): Promise<Response> {
  // Taking a backup or loading large documents may take longer than the default patience of fetch.
  const { Agent, fetch } = await import('undici');
  try {
    return await fetch(target.url + path, {
      method,
      headers: { Authorization: `Bearer ${target.token}`, Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      dispatcher: new Agent({ headersTimeout: 0, bodyTimeout: 0, connectTimeout: 10_000, pipelining: 0, keepAliveTimeout: 1 }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }) as unknown as Response;
  } catch (cause) {
    const reason = (cause as { cause?: { code?: string; message?: string } }).cause;
    throw new AppError('unavailable', `No Portico answers at ${target.url} (${reason?.code ?? reason?.message ?? (cause as Error).message}). Start it with \`portico start\`, or set PORTICO_URL.`, { cause });
  }
}

async function readJson<T>(target: Target, response: Response): Promise<T> {
  try {
    return await response.json() as T;
  } catch (cause) {
    throw notPortico(target, cause);
  }
}

/** A problem that Portico answered with keeps its code, places and request id. */
async function readProblem(target: Target, response: Response): Promise<AppError> {
  const problem = await response.json().catch(() => undefined) as { code?: string; detail?: string; errors?: ErrorPlace[]; requestId?: string } | undefined;
  if (problem?.code === undefined || !(problem.code in errorCatalogue)) return notPortico(target, undefined);
  const detail = problem.code === 'internal' && problem.requestId ? `${problem.detail} (${problem.requestId})` : problem.detail;
  return new AppError(problem.code as ErrorCode, detail ?? '', { errors: problem.errors ?? [] });
}

function notPortico(target: Target, cause: unknown): AppError {
  return new AppError('unavailable', `Something answers at ${target.url}, but not as Portico's management API does. Set PORTICO_URL to the address of the portal.`, { cause });
}
