import { z } from '@hono/zod-openapi';
import { unconfirmed } from './fields.ts';
import { addRoute, documentBytesMax } from './route.ts';
import type { Api } from './route.ts';

const bundleSchema = z.strictObject({
  file: z.string().min(1).openapi({ description: 'Path of portico.yaml as its author writes it: places of mistakes name it.', example: 'portico.yaml' }),
  text: z.string().openapi({ description: 'Its text, YAML or JSON.', example: 'portal: { name: Atlas Developers }\nproducts: []\n' }),
  files: z.array(z.strictObject({ path: z.string().min(1).openapi({ example: 'openapi/atlas-v2.yaml' }), text: z.string(), encoding: z.literal('base64').optional().openapi({ description: '`text` is base64 of what is not text, such as a font.' }) })).openapi({ description: 'Every file that it refers to, directly or through `$ref`: documents, guides, pages, logo and fonts.' }),
}).openapi('ConfigurationBundle');
const changeSchema = z.object({
  action: z.enum(['add', 'change', 'remove', 'keep']), noun: z.string().openapi({ example: 'plan' }), name: z.string().openapi({ example: 'atlas free' }), detail: z.array(z.string()).openapi({ example: ['fee: 0 -> 49.00'] }),
}).openapi('Change');
const exampleBundle = { file: 'portico.yaml', text: 'portal: { name: Atlas Developers }\nproducts: []\n', files: [] };

export function addConfigurationRoutes(api: Api): void {
  const { configuration } = api.services;
  addRoute(api, {
    method: 'post', path: '/api/v1/configuration', operation: 'applyConfiguration', tag: 'Configuration', summary: 'Apply a configuration',
    description: 'Makes the running Portico match the file, and answers once every connected gateway serves it. `drift` tells what was edited elsewhere since the last apply. What was made elsewhere stays, and what has subscriptions is not removed, without `prune`. With `dryRun` nothing changes.',
    body: { bytesMax: documentBytesMax, schema: z.strictObject({ bundle: bundleSchema, dryRun: z.boolean().default(false), prune: z.boolean().default(false) }), example: { bundle: exampleBundle, dryRun: true, prune: false } },
    answer: { description: 'What changed, or would change.', schema: z.object({ changes: z.array(changeSchema), drift: z.array(changeSchema), applied: z.boolean(), snapshotVersion: z.number().int(), unconfirmed }).openapi('Applied'),
      example: { changes: [{ action: 'change', noun: 'plan', name: 'atlas free', detail: ['fee: 0 -> 49.00'] }], drift: [], applied: true, snapshotVersion: 12, unconfirmed: [] } },
    refusals: ['config_invalid', 'contract_invalid', 'has_subscriptions', 'conflict', 'not_ready'],
  }, async ({ actor, body }) => configuration.apply(actor, body));

  addRoute(api, {
    method: 'get', path: '/api/v1/configuration', operation: 'exportConfiguration', tag: 'Configuration', summary: 'Export the configuration', description: 'The running configuration as portico.yaml with its documents. To apply it again changes nothing.',
    answer: { description: 'The configuration and its documents.', schema: bundleSchema, example: exampleBundle },
  }, async ({ actor }) => configuration.export(actor));

  addRoute(api, {
    method: 'get', path: '/api/v1/portal', operation: 'getPortal', tag: 'Configuration', summary: 'Get the portal’s settings', description: 'Name, key prefix and addresses of the portal.',
    answer: { description: 'The settings.', schema: z.object({ name: z.string(), keyPrefix: z.string(), headline: z.string().nullable(), footer: z.array(z.object({ label: z.string(), url: z.string() })), webUrl: z.string(), gatewayUrl: z.string(), development: z.boolean() }).openapi('Portal'),
      example: { name: 'Atlas Developers', keyPrefix: 'atlas', headline: 'Put the world’s places in your product.', footer: [{ label: 'Terms', url: '/pages/terms' }], webUrl: 'http://127.0.0.1:3000', gatewayUrl: 'http://127.0.0.1:8080', development: true } },
  }, async () => configuration.portal());
}
