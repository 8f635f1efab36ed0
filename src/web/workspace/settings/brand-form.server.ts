import type { PortalEdit } from '../../../control/services.ts';
import { text } from '../../page.server.ts';

const rowsMax = 100;

/** What the form of the brand asks for; rows of the footer that are empty are left out. */
export async function readBrandForm(form: FormData): Promise<PortalEdit> {
  const rows = Array.from({ length: rowsMax }, (_, row) => ({ label: text(form, `footer/${row}/label`), url: text(form, `footer/${row}/url`) }));
  const files: NonNullable<PortalEdit['files']> = {};
  for (const name of ['logo', 'logo-dark', 'font-text', 'font-code'] as const) {
    const file = form.get(name);
    if (file instanceof File && file.size > 0) files[name] = { fileName: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    else if (form.getAll('remove').includes(name)) files[name] = null;
  }
  return { editedFrom: text(form, 'editedFrom'), headline: text(form, 'headline') || null, accent: text(form, 'accent') || null, footer: rows.filter(({ label, url }) => label !== '' || url !== ''), ...(Object.keys(files).length > 0 && { files }) };
}
