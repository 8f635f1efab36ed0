import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { refusalResponses } from './route.ts';
import type { Api, ApiEnv } from './route.ts';

const route = createRoute({
  method: 'get', path: '/api/v1/backup', operationId: 'getBackup', tags: ['System'], summary: 'Download a backup',
  description: 'One archive of everything: both stores, positions and unread spool as one cut, taken while Portico runs. `portico restore` reads it.',
  security: [{ adminToken: [] }, { session: [] }],
  responses: {
    200: { description: 'The archive.', content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }), example: '(binary)' } } },
    ...refusalResponses({ refusals: ['not_ready'] }),
  },
});

/** The archive is whole on disk before its first byte is sent, so that a failure is answered as one, and its length is known. */
export function addBackupRoute(api: Api): void {
  api.app.openapi(route, (async (context: Context<ApiEnv>) => {
    const folder = await mkdtemp(join(api.temporaryFolder, 'portico-backup-'));
    const remove = (): void => void rm(folder, { recursive: true, force: true });
    try {
      const file = join(folder, 'archive');
      await api.services.operations.backup(context.get('actor'), file);
      const { size } = await stat(file);
      const stream = createReadStream(file).once('close', remove);
      const day = new Date(api.clock.now()).toISOString().slice(0, 10);
      return new Response(Readable.toWeb(stream) as ReadableStream, { headers: {
        'Content-Type': 'application/octet-stream', 'Content-Length': String(size), 'Content-Disposition': `attachment; filename="portico-${day}.backup"`,
      } });
    } catch (error) {
      remove();
      throw error;
    }
  }) as never);
}
