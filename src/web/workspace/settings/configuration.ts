import { load } from '../../page.server.ts';

/** The running configuration as a file: portico.yaml alone, or with every document that it names. */
export const loader = load(async ({ services, member, url }): Promise<Response> => {
  const bundle = await services.configuration.export(await member());
  const whole = url.pathname.endsWith('.json');
  return new Response(whole ? JSON.stringify(bundle, null, 2) : bundle.text, {
    headers: { 'content-type': whole ? 'application/json' : 'application/yaml; charset=utf-8', 'content-disposition': `attachment; filename="portico.${whole ? 'json' : 'yaml'}"` },
  });
});
