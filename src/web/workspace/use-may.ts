import { useRouteLoaderData } from 'react-router';
import type { Right } from '../../control/services.ts';
import type { loader } from './layout.tsx';

/** Whether the signed-in member's role has the right. What is not for them is not shown; control refuses it all the same. */
export function useMay(right: Right): boolean {
  return useRouteLoaderData<typeof loader>('workspace/layout')?.rights.includes(right) ?? false;
}
