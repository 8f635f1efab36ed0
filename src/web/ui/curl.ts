import type { OperationPage } from '../../control/services.ts';

/** A line that works when pasted into a POSIX shell. */
export function curlOf(baseUrl: string, sample: OperationPage['sample'], key: string): string {
  const lines = [`curl ${sample.method === 'GET' ? '' : `-X ${sample.method} `}${quote(baseUrl.replace(/\/$/, '') + sample.path)}`, `-H ${quote(`Authorization: Bearer ${key}`)}`];
  for (const [name, value] of Object.entries(sample.headers)) lines.push(`-H ${quote(`${name}: ${value}`)}`);
  if (sample.body !== null) lines.push(`-d ${quote(sample.body)}`);
  return lines.join(' \\\n  ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
