// https://llmstxt.org: what this site holds, as Markdown, with a link to the Markdown twin of every reference page.
import { load } from '../page.server.ts';

export const loader = load(async ({ services, viewer }) => {
  const actor = await viewer();
  const [portal, products] = await Promise.all([services.configuration.portal(), services.products.list(actor)]);
  const lines = [`# ${portal.name}`, '', `> APIs behind ${portal.gatewayUrl}. Send \`Authorization: Bearer <key>\`; sign up at ${portal.webUrl}/sign-up for a key.`, ''];
  for (const product of products) {
    for (const version of product.versions.filter(({ status }) => status === 'published' || status === 'deprecated')) {
      lines.push(`## ${product.name} ${version.name}${version.status === 'deprecated' ? ' (deprecated)' : ''}`, '', product.description, '', `- [OpenAPI document](${portal.webUrl}/${product.slug}/${version.name}/openapi.json)`);
      const operations = await services.products.listOperations(actor, product.slug, version.name);
      lines.push(...operations.map((operation) => `- [${operation.method} ${operation.path}](${portal.webUrl}/${product.slug}/${version.name}/${operation.slug}.md): ${operation.summary}`), '');
    }
  }
  lines.push('## Errors', '', `- [Every error code](${portal.webUrl}/errors)`, '');
  return new Response(lines.join('\n'), { headers: { 'content-type': 'text/plain; charset=utf-8' } });
});
