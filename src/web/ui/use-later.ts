import { useCallback, useState, type ComponentType } from 'react';

/** A component whose script is loaded when it is first wanted: what is loaded so far, and what loads it. `load` is a constant of its module. */
export function useLater<Props>(load: () => Promise<ComponentType<Props>>): [ComponentType<Props> | undefined, () => void] {
  const [Loaded, setLoaded] = useState<ComponentType<Props>>();
  const want = useCallback(() => void load().then((component) => setLoaded(() => component)), [load]);
  return [Loaded, want];
}
