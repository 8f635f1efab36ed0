import { Buffer } from 'node:buffer';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { AppError } from '../../errors.ts';
import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import type { BundledFile, ConfigBundle } from '../read-bundle.ts';

export const exportConfiguration: CommandDefinition = {
  name: 'export',
  summary: 'print the running configuration as portico.yaml',
  description: 'Prints the running configuration as portico.yaml. With --out, writes it with its OpenAPI documents, own policies, guides, pages, logo and fonts beside it; to apply that again changes nothing.',
  options: [
    { flags: '--out <folder>', meaning: 'Write portico.yaml and its documents into this folder.' },
    { flags: '--force', meaning: 'Overwrite files that exist.' },
  ],
  running: true,
  examples: [
    ['portico export', 'Print it.'],
    ['portico export --out ./running', 'Write ./running/portico.yaml and its documents.'],
  ],
  async run({ options, terminal, api }) {
    const management = await api();
    const bundle = await terminal.progress('Reading the running configuration', () => management.get<ConfigBundle>('/api/v1/configuration'));
    const out = text(options, 'out');
    if (out === undefined) {
      terminal.print(bundle.text.replace(/\n$/, ''));
      terminal.printJson(bundle);
      return;
    }
    const written = await writeBundle(out, bundle, options['force'] === true);
    for (const file of written) terminal.print(`Wrote ${file}`);
    terminal.printJson({ files: written });
  },
};

async function writeBundle(folder: string, bundle: ConfigBundle, force: boolean): Promise<string[]> {
  const all: BundledFile[] = [{ path: 'portico.yaml', text: bundle.text }, ...bundle.files];
  const files = all.map(({ path, text: content, encoding }) => ({ file: inside(folder, path), content: encoding === 'base64' ? Buffer.from(content, 'base64') : content }));
  for (const { file, content } of files) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { flag: force ? 'w' : 'wx' }).catch((cause: NodeJS.ErrnoException) => {
      throw new AppError('conflict', cause.code === 'EEXIST' ? `${file} exists. Choose another folder, or overwrite with --force.` : `${file} cannot be written: ${cause.message}.`, { cause });
    });
  }
  return files.map(({ file }) => file);
}

/** A server must not write outside the folder. */
function inside(folder: string, path: string): string {
  const relative = normalize(path);
  if (isAbsolute(relative) || relative === '..' || relative.startsWith(`..${sep}`)) throw new AppError('input_invalid', `The configuration names ${path}, which lies outside its folder.`);
  return join(folder, relative);
}
