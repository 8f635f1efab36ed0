// The call that home and product pages show: the quickstart with its real answer when it ran, else with the contract's example.
import type { Actor, ProductPage, Services } from '../../control/services.ts';
import { highlight } from '../highlight.server.ts';
import { curlOf } from '../ui/curl.ts';
import { exampleText } from '../ui/example-text.ts';

export interface ExampleCall {
  curl: string; curlHtml: string;
  /** `at` is when it was answered, ms UTC; null for the contract's example. */
  answer: { text: string; html: string; at: number | null; status: number | null; durationMs: number | null } | null;
}

const answerLines = 13;

export async function readExampleCall(services: Services, actor: Actor | undefined, { slug, testMode, baseUrls, quickstart }: ProductPage, keyPrefix: string): Promise<ExampleCall | null> {
  if (!quickstart) return null;
  const { version, operation, sample } = quickstart;
  const curl = curlOf(baseUrls[version] ?? '', sample, `${keyPrefix}_${testMode ? 'test' : 'live'}_YOUR_KEY`);
  const run = await services.documentation.findRun(actor, { product: slug, version, operation: operation.slug });
  const real = run?.worked && run.answer ? exampleText(parsed(run.answer.body), answerLines) : null;
  const text = real ?? exampleText((await services.products.getOperation(actor, slug, version, operation.slug)).responses.find(({ status }) => status.startsWith('2'))?.content[0]?.example, answerLines);
  return {
    curl, curlHtml: highlight(curl, 'bash'),
    answer: text === null ? null : { text, html: highlightCut(text), at: real === null ? null : run!.at, status: real === null ? null : run!.status, durationMs: real === null ? null : run!.durationMs },
  };
}

/** The words that stand in place of what is cut are no JSON. */
function highlightCut(text: string): string {
  const [, shown = text, rest = ''] = /^(.*\n)(\.\.\. \d+ more lines)$/s.exec(text) ?? [];
  return `${highlight(shown, 'json')}${rest === '' ? '' : `<span class="hljs-comment">${rest}</span>`}`;
}

function parsed(body: string | null): unknown {
  try {
    return body === null ? null : JSON.parse(body);
  } catch {
    return body;
  }
}
