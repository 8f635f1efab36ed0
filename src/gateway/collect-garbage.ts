import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A thread that has read much at once and then rests keeps the garbage until it reads much again. To be called once it is done. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  collect();
}
