import { errorCatalogue, type ErrorCode } from '../../../errors.ts';
import { load, refusal } from '../../page.server.ts';
import { errorMarkdown, markdownResponse } from './markdown-pages.server.ts';

export const loader = load(async ({ params, web }) => {
  const code = params['code'] ?? '';
  if (!Object.hasOwn(errorCatalogue, code)) throw refusal('not_found', `No error has the code ${code}.`, web);
  return markdownResponse(errorMarkdown(code as ErrorCode));
});
