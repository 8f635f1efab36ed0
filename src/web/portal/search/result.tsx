import type { SearchResult } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge, Method } from '../../ui/badge.tsx';
import { Marked } from './marked.tsx';

const words = texts.search;

/** What one result shows, in the list while typing and on the page alike. */
export function ResultText({ result, compact = false }: { result: SearchResult; compact?: boolean }) {
  const { method, path, name, product, version } = result;
  return (
    <>
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <span className="font-medium"><Marked text={result.title} /></span>
        {name.length > 0 && method === '' && <code className="text-sm break-all text-muted"><Marked text={name} /></code>}
        {result.deprecated && <Badge tone="notice">{words.deprecated}</Badge>}
        {product && <span className="ml-auto text-sm text-muted">{version === null ? product.name : words.inVersion(product.name, version)}</span>}
      </span>
      {method !== '' && <span className="flex items-baseline gap-2"><Method name={method} /><code className="text-sm break-all text-muted"><Marked text={path} /></code></span>}
      {!compact && result.summary.length > 0 && <span className="block max-w-[75ch] text-muted"><Marked text={result.summary} /></span>}
      {result.fields.length > 0 && <span className="block text-sm text-muted">{words.fieldsMet(result.fields.join(', '))}</span>}
    </>
  );
}
