import { act } from '../../../page.server.ts';

/** A new test key for a form whose key has ended. */
export const action = act(async ({ params, services, developer }) => Response.json(await services.keys.mintTryIt(await developer(), { productSlug: params['product']! })));
