/** First path segments that the web server answers itself. A product of that slug would have no page of its own. */
export const portalPaths: ReadonlySet<string> = new Set([
  'api', 'assets', 'dashboard', 'errors', 'forgot-password', 'healthz', 'invitation', 'magic-link', 'metrics', 'outbox', 'own-account', 'readyz', 'reset-password',
  'schema', 'sign-in', 'sign-out', 'sign-up', 'start', 'theme', 'verify-email', 'workspace',
]);
