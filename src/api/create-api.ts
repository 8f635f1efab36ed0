// Requests enter at /api/v1; the services of control do the work and check rights; JSON or a problem leaves.
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from 'pino';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import configurationSchema from '../control/configuration/portico.schema.json' with { type: 'json' };
import learnSchema from '../control/learn/learn.schema.json' with { type: 'json' };
import type { Services } from '../control/services.ts';
import { newId } from '../domain/id.ts';
import { AppError } from '../errors.ts';
import type { ErrorPlace } from '../errors.ts';
import { addAdoptionRoutes } from './adoption.ts';
import { authenticate } from './authenticate.ts';
import { addBackupRoute } from './backup.ts';
import { addCouponRoutes } from './coupons.ts';
import { addCreditRoutes } from './credits.ts';
import { addBillingRoutes } from './billing.ts';
import { addRevenueRoutes } from './revenue.ts';
import { addConfigurationRoutes } from './configuration.ts';
import { addConsumerRoutes } from './consumers.ts';
import { addDocumentationRoutes } from './documentation.ts';
import { addDeveloperRoutes } from './developers.ts';
import { addInvoiceRoutes } from './invoices.ts';
import { addKeyRoutes } from './keys.ts';
import { addAuditRoutes } from './audit.ts';
import { addLearnRoutes } from './learn.ts';
import { addMemberRoutes } from './members.ts';
import { describeApi } from './openapi.ts';
import { addOperationRoutes } from './operations.ts';
import { addOutboxRoute } from './outbox.ts';
import { addPaymentRoutes } from './payments.ts';
import { addPlanEditRoutes, addPlanRoutes } from './plans.ts';
import { answerProblem } from './problem.ts';
import { addProductEditRoutes } from './product-edits.ts';
import { addProductRoutes } from './products.ts';
import { addRequestRoutes } from './requests.ts';
import type { Api, ApiEnv } from './route.ts';
import { addSimulationRoutes } from './simulations.ts';
import { addStatusRoute } from './status.ts';
import { addStripeWebhook } from './stripe-webhook.ts';
import { addSubscriptionChangeRoutes } from './subscription-changes.ts';
import { addSubscriptionRoutes } from './subscriptions.ts';
import { addTokenBindingRoutes } from './token-bindings.ts';
import { addTokenEndpoint } from './token-endpoint.ts';
import { addUsageRoutes } from './usage.ts';

export interface ApiOptions {
  services: Services;
  adminToken: string;
  log: Logger;
  /** Of Portico. */
  version: string;
  /** Address of the portal as people see it: pages of errors lie below it, and its origin may write with a session. */
  webUrl: string;
  /** Where an archive lies while it is sent; the system's temporary folder when absent. */
  temporaryFolder?: string;
  clock?: Clock;
}

/** The management API: `/api/v1/*`, `/api/openapi.json`, `/schema/portico.json` and `/schema/learn.json`; the token endpoint with its descriptions; and where Stripe reports to. Hand it whole requests: it answers unknown addresses itself. */
export function createApi(options: ApiOptions): OpenAPIHono<ApiEnv> {
  const clock = options.clock ?? systemClock;
  const app = new OpenAPIHono<ApiEnv>({ defaultHook: (result) => {
    if (!result.success) throw invalidInput(result.target, result.error.issues);
  } });
  app.use(async (context, next) => {
    context.set('requestId', newId('request', clock.now(), randomBytes));
    await next();
    context.header('X-Request-Id', context.get('requestId'));
    context.header('Cache-Control', 'no-store');
  });
  app.use('/api/v1/*', authenticate({ accounts: options.services.accounts, adminToken: options.adminToken, webUrl: options.webUrl }));
  app.onError((error, context) => answerProblem(error, context, options));

  const api: Api = { app, services: options.services, clock, temporaryFolder: options.temporaryFolder ?? tmpdir() };
  for (const add of [
    addProductRoutes, addProductEditRoutes, addOperationRoutes, addPlanRoutes, addPlanEditRoutes, addConsumerRoutes, addDeveloperRoutes, addSubscriptionRoutes, addSubscriptionChangeRoutes, addCreditRoutes, addCouponRoutes, addKeyRoutes, addTokenBindingRoutes, addUsageRoutes, addInvoiceRoutes, addPaymentRoutes, addBillingRoutes, addRevenueRoutes, addSimulationRoutes,
    addRequestRoutes, addDocumentationRoutes, addLearnRoutes, addAdoptionRoutes, addConfigurationRoutes, addMemberRoutes, addAuditRoutes, addStatusRoute, addBackupRoute, addOutboxRoute,
  ]) add(api);

  addTokenEndpoint(api, options);
  addStripeWebhook(api);

  const describe = describeApi(app, options);
  app.get('/api/openapi.json', (context) => context.json(describe()));
  app.get('/schema/portico.json', (context) => context.json(configurationSchema, 200, { 'Content-Type': 'application/schema+json', 'Access-Control-Allow-Origin': '*' }));

  app.get('/schema/learn.json', (context) => context.json(learnSchema, 200, { 'Content-Type': 'application/schema+json', 'Access-Control-Allow-Origin': '*' }));

  const methodsAt = indexMethods(app);
  app.notFound((context) => {
    const methods = methodsAt(context.req.path);
    if (methods.length === 0) throw new AppError('not_found', `The management API has nothing at ${context.req.path}. \`/api/openapi.json\` lists every address.`);
    context.set('allow', methods.join(', '));
    throw new AppError('method_not_allowed', `${context.req.path} takes ${methods.join(', ')}, but not ${context.req.method}.`);
  });
  return app;
}

/** Names each field that is wrong, by its place in the body or by the parameter's name. */
function invalidInput(target: string, issues: { code?: string; message: string; path: PropertyKey[]; keys?: string[] }[]): AppError {
  const kind = target === 'json' ? 'field' : target === 'query' ? 'query parameter' : 'part of the path';
  const errors = issues.flatMap((issue): ErrorPlace[] => issue.code === 'unrecognized_keys' && issue.keys
    ? issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: `there is no such ${kind}` }))
    : [{ pointer: pointerTo(issue.path), detail: explain(issue.message) }]);
  const first = errors[0]!;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new AppError('input_invalid', `The ${kind} \`${first.pointer === '' ? '/' : first.pointer!.slice(1)}\` is not valid: ${first.detail}${more}.`, { errors });
}

/** `Invalid input: expected string, received undefined` says more than a reader needs and less than one can use. */
function explain(message: string): string {
  return message.replace(/^Invalid (input|option): /, '').replace(/^Invalid /, 'not a valid ').replace(/^expected (\w+), received undefined$/, 'it is missing');
}

function pointerTo(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Which methods an address takes: for the 405 that a wrong one gets. */
function indexMethods(app: OpenAPIHono<ApiEnv>): (path: string) => string[] {
  const patterns = app.routes.filter((route) => route.method !== 'ALL')
    .map((route) => ({ method: route.method, pattern: new RegExp(`^${route.path.replace(/:[a-zA-Z]+/g, '[^/]+')}$`) }));
  return (path) => [...new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}
