import { existsSync } from 'node:fs';

const setpriv = '/usr/bin/setpriv';

/** The command line that runs the same program, which the system ends with this signal when its parent has died, in whatever way. Where there is no setpriv (util-linux), it stays as it is. */
export function endsWithParent(signal: 'TERM' | 'INT', program: string, args: string[]): [program: string, args: string[]] {
  return existsSync(setpriv) ? [setpriv, ['--pdeathsig', signal, program, ...args]] : [program, args];
}
