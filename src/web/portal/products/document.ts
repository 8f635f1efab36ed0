import { load } from '../../page.server.ts';

export const loader = load(async ({ params, services, viewer }) => Response.json(await services.products.getDocument(await viewer(), params['product']!, params['version']!)));
