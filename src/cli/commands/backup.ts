import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { AppError } from '../../errors.ts';
import type { CommandDefinition } from '../command.ts';
import { bytesText } from '../terminal.ts';

export const backup: CommandDefinition = {
  name: 'backup',
  positional: { name: '<file>', meaning: 'Archive to write.' },
  summary: 'save everything into one archive, while Portico runs',
  description: 'Saves everything into one archive while Portico runs: accounts, configuration, ledger, request events and what is not yet in the ledger, as one cut. `portico restore` reads it.',
  options: [{ flags: '--force', meaning: 'Overwrite the file when it exists.' }],
  running: true,
  examples: [['portico backup portico-2026-08-01.backup', 'Write the archive.']],
  async run({ options, positional, terminal, api }) {
    const file = positional[0]!;
    const refuse = (): never => { throw new AppError('conflict', `${file} exists. Choose another name, or overwrite it with --force.`); };
    if (existsSync(file) && options['force'] !== true) refuse();
    const management = await api();
    let bytes = 0;
    await terminal.progress(() => (bytes === 0 ? 'Taking the backup' : `Writing ${file} (${bytesText(bytes)})`), async () => {
      const response = await management.download('/api/v1/backup');
      await writeWhole(file, response.body!, (written) => { bytes = written; });
    });
    terminal.printJson({ file, bytes });
    terminal.print(`Wrote ${file} (${bytesText(bytes)}).`);
  },
};

/** The file appears whole or not at all. @throws AppError `unavailable` when the stream breaks off */
async function writeWhole(file: string, stream: ReadableStream<Uint8Array>, onBytes: (written: number) => void): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  const handle = await open(partial, 'wx', 0o600).catch((cause: Error) => { throw new AppError('input_invalid', `${partial} cannot be written: ${cause.message}.`, { cause }); });
  let written = 0;
  try {
    for await (const chunk of stream) {
      await handle.writeFile(chunk);
      onBytes(written += chunk.byteLength);
    }
    await handle.sync();
    await handle.close();
    await rename(partial, file);
  } catch (cause) {
    await handle.close().catch(() => undefined);
    await rm(partial, { force: true });
    throw new AppError('unavailable', `The backup broke off after ${bytesText(written)}: ${(cause as Error).message}. Nothing was written.`, { cause });
  }
}
