// Leaves: all operations that a key can be limited to, for a form that was drawn without most of them.
import { load } from '../../page.server.ts';
import { readOperations } from './key-form.server.ts';

export const loader = load(async ({ url, services, developer }) => readOperations(services, await developer(), url.searchParams.getAll('product')));
