/** First path segments that the web server answers itself, also with `.md` behind them. A product of that slug would have no page of its own. */
export const portalPaths: ReadonlySet<string> = new Set([
  'api', 'assets', 'brand', 'dashboard', 'design', 'errors', 'feedback', 'forgot-password', 'healthz', 'index', 'invitation', 'learn', 'leave-view', 'magic-link', 'metrics', 'oauth', 'outbox', 'own-account', 'pages', 'readyz', 'reset-password',
  'schema', 'search', 'sign-in', 'sign-out', 'sign-up', 'social', 'start', 'theme', 'upgrade-case', 'verify-email', 'workspace',
]);

/** Second path segments below a product that are no version. */
export const productPaths: ReadonlySet<string> = new Set(['guides']);
