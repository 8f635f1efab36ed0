import { load } from '../../page.server.ts';
import { homeMarkdown, markdownResponse } from './markdown-pages.server.ts';
import { readSite } from './site.server.ts';

export const loader = load(async ({ services }) => markdownResponse(homeMarkdown(await readSite(services))));
