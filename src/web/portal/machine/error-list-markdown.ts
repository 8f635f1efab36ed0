import { load } from '../../page.server.ts';
import { errorListMarkdown, markdownResponse } from './markdown-pages.server.ts';

export const loader = load(async ({ services }) => markdownResponse(errorListMarkdown((await services.configuration.portal()).webUrl.replace(/\/$/, ''))));
