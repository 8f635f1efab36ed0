// Enters: what the tasks of exercises name, and the products and contracts that they stand beside. Leaves: names that lead nowhere, with their places.
import type { PorticoConfig } from '../../domain/config.ts';
import type { ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { documentKey } from '../configuration/config-state.ts';
import type { BundledDocument } from '../configuration/load-documents.ts';
import { meant } from './learn-problems.ts';
import type { CheckedTask } from './read-learn.ts';

interface TasksToCheck { tasks: readonly CheckedTask[]; products: PorticoConfig['products']; /** Documents that are not stored yet. */ documents?: Map<string, BundledDocument> }

/** An operation is looked for in the version that the task names, else in all of the product. */
export async function taskMistakes(query: Query, { tasks, products, documents }: TasksToCheck): Promise<ErrorPlace[]> {
  const mistakes: ErrorPlace[] = [];
  for (const task of tasks) {
    const product = products.find(({ slug }) => slug === task.product);
    if (!product) {
      mistakes.push(task.place('product', `There is no product "${task.product}".${meant(task.product, products.map(({ slug }) => slug))}`));
      continue;
    }
    const versions = product.versions.filter(({ name }) => task.version === null || name === task.version).map(({ name }) => name);
    if (versions.length === 0) {
      mistakes.push(task.place('version', `"${task.product}" has no version "${task.version ?? ''}".${meant(task.version ?? '', product.versions.map(({ name }) => name))}`));
      continue;
    }
    const operations = (await Promise.all(versions.map((version) => operationsOf(query, documents, task.product, version)))).flat();
    for (const { name, place } of task.operations) {
      if (!operations.includes(name)) mistakes.push(place(`${task.product}${task.version === null ? '' : ` ${task.version}`} has no operation "${name}".${meant(name, operations)}`));
    }
  }
  return mistakes;
}

/** @param documents that are not stored yet */
export async function operationsOf(query: Query, documents: TasksToCheck['documents'], product: string, version: string): Promise<string[]> {
  const bundled = documents?.get(documentKey(product, version));
  if (bundled?.loaded) return bundled.loaded.contract.operations.map(({ operation }) => operation);
  const rows = await query.selectFrom('operation').innerJoin('version', 'version.id', 'operation.version_id').innerJoin('product', 'product.id', 'version.product_id').select('operation.operation')
    .where('product.slug', '=', product).where('product.removed_at', 'is', null).where('version.name', '=', version).execute();
  return rows.map(({ operation }) => operation);
}
