import { findOperation, parametersOf } from '../../contract/operations.ts';
import { follow, isObject } from '../../contract/reference.ts';
import { sampleRequest } from '../../contract/sample.ts';
import type { OperationSummary, ProductPage } from '../services.ts';

/** The first GET that a newcomer can send as it stands: what it requires has an example, a default or an enum. Else the first GET, else the first operation. */
export function chooseQuickstart(version: string, operations: OperationSummary[], document: Record<string, unknown>): ProductPage['quickstart'] {
  const gets = operations.filter(({ method, deprecated }) => method === 'GET' && !deprecated);
  const operation = gets.find((candidate) => requiredIsKnown(document, candidate)) ?? gets[0] ?? operations[0];
  return operation ? { version, operation, sample: sampleRequest(document, operation) } : null;
}

function requiredIsKnown(document: Record<string, unknown>, operation: OperationSummary): boolean {
  const placed = findOperation(document, operation);
  if (!placed) return false;
  return parametersOf(document, placed).filter((parameter) => parameter['required'] === true).every((parameter) => {
    const schema = follow(document, parameter['schema']);
    return 'example' in parameter || 'examples' in parameter || (isObject(schema) && ['example', 'examples', 'default', 'enum', 'const'].some((keyword) => keyword in schema));
  });
}
