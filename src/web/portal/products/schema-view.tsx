import { Prose } from '../../ui/prose.tsx';
import type { SchemaNode } from './schema-tree.ts';

/** A schema as nested, foldable rows, open to depth two; descriptions are HTML made by renderMarkdown. */
export function SchemaView({ node, id, depth = 0 }: { node: SchemaNode; id: string; depth?: number }) {
  if (node.children.length === 0) return <div id={id} className="scroll-mt-4 border-t py-2"><Heading node={node} /><Details node={node} /></div>;
  return (
    <details id={id} open={depth < 2} className="scroll-mt-4 border-t py-2">
      <summary className="marker:text-muted"><span className="inline-block align-top"><Heading node={node} /></span></summary>
      <div className="pl-4">
        <Details node={node} />
        <div className="mt-1 border-l pl-3">
          {node.children.map((child, index) => <SchemaView key={index} node={child} id={`${id}.${child.name.replaceAll(/[^\w.-]+/g, '-')}`} depth={depth + 1} />)}
        </div>
      </div>
    </details>
  );
}

function Heading({ node }: { node: SchemaNode }) {
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      {node.name && <code className="font-semibold break-all">{node.name}</code>}
      <span className="text-sm text-muted">{node.type}</span>
      {node.required && <span className="text-sm text-bad">required</span>}
      {node.deprecated && <span className="text-sm text-notice">deprecated</span>}
    </span>
  );
}

function Details({ node }: { node: SchemaNode }) {
  return (
    <>
      <Prose html={node.description} small />
      {node.rules.length > 0 && <p className="max-w-[65ch] font-mono text-xs break-words text-muted">{node.rules.join(', ')}</p>}
      {node.cut && <p className="text-sm text-muted">Deeper levels are in the OpenAPI document.</p>}
    </>
  );
}
