import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from './route.ts';

const tags = [
  { name: 'Products', description: 'API products, their versions and their OpenAPI documents.' },
  { name: 'Operations', description: 'Methods and paths of a version.' },
  { name: 'Plans', description: 'Priced offers of a product.' },
  { name: 'Consumers', description: 'Accounts that call and pay, and what they did.' },
  { name: 'Developers', description: 'People of a consumer, and invitations.' },
  { name: 'Subscriptions', description: 'Consumers on plans: their bills, changes, ends and spend caps.' },
  { name: 'Credits', description: 'Prepaid money of consumers.' },
  { name: 'Learn', description: 'The glossary and the exercises of the portal.' },
  { name: 'Coupons', description: 'Codes that take something off bills.' },
  { name: 'Keys', description: 'Credentials of consumers. A key is shown once, at its creation.' },
  { name: 'Tokens', description: 'Whom tokens of other issuers name, and the keys that their calls are made with.' },
  { name: 'Usage', description: 'The ledger that quotas, usage pages and invoices read.' },
  { name: 'Invoices', description: 'Invoices and credit notes: the billing run, what stands behind each line, payments, reconciliation.' },
  { name: 'Billing', description: 'How invoices are made: seller, numbers, tax rates, and whom they are made out to.' },
  { name: 'Payments', description: 'How consumers pay, and what the payment provider reported.' },
  { name: 'Simulations', description: 'Drafted prices on past usage, and their roll-out.' },
  { name: 'Revenue', description: 'Recurring revenue, churn, retention and free to paid.' },
  { name: 'Requests', description: 'What the gateway answered: facts, never bodies.' },
  { name: 'Documentation', description: 'Samples of the reference as they ran against the test upstream.' },
  { name: 'Adoption', description: 'From sign-up to the first successful call, and after.' },
  { name: 'Configuration', description: 'portico.yaml: apply it, or read the running one.' },
  { name: 'Audit trail', description: 'Every change: who, what, before and after.' },
  { name: 'Members', description: 'People of the producer, with their roles.' },
  { name: 'System', description: 'Status, backups and mail.' },
];

/** The API's own OpenAPI 3.1 document: made at the first question, then kept. */
export function describeApi(app: OpenAPIHono<ApiEnv>, options: { version: string; webUrl: string }): () => object {
  let document: object | undefined;
  app.openAPIRegistry.registerComponent('securitySchemes', 'adminToken', { type: 'http', scheme: 'bearer', description: 'The admin token: printed at the first start and kept in the file `admin-token` of the data folder.' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'better-auth.session_token', description: 'The session of a signed-in member. Writes need the origin of the portal.' });
  return () => document ??= app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Portico management API',
      version: options.version,
      description: [
        'Everything that the workspace and the command line do. Send `Authorization: Bearer <admin token>`.',
        'Times are RFC 3339 in UTC, periods are half-open `[from, to)`, quantities are exact decimal text. Lists page by `cursor`.',
        'Errors are `application/problem+json` (RFC 9457) with a stable `code`, `errors` that name each wrong place, and a `requestId`.',
      ].join('\n\n'),
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: options.webUrl }],
    tags,
  });
}
