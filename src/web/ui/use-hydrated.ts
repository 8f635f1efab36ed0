import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** False on the server and until scripts run: what needs them is drawn only then. */
export function useHydrated(): boolean {
  return useSyncExternalStore(never, () => true, () => false);
}
