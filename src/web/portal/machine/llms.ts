// https://llmstxt.org: what this site holds, as Markdown, with a link to the Markdown twin of every page.
import { load } from '../../page.server.ts';
import { keptText, textResponse } from './kept-text.server.ts';
import { llmsText } from './llms-text.server.ts';
import { readSite } from './site.server.ts';

export const loader = load(async ({ services }) => textResponse((await keptText(services, 'llms', async () => llmsText(await readSite(services))))!, 'text/plain; charset=utf-8'));
