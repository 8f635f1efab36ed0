import type { SchemaNode } from '../../../control/services.ts';
import { renderMarkdown } from '../../markdown.server.ts';

/** The tree with its descriptions as HTML, each by `tell` in their order on the page; a lone paragraph stands without its tags. */
export function describeTree(node: SchemaNode, tell: (markdown: string) => string = describe): SchemaNode {
  return {
    ...node,
    ...(node.description !== undefined && { description: tell(node.description) }),
    ...(node.children && { children: node.children.map((child) => describeTree(child, tell)) }),
  };
}

export function describe(markdown: string): string {
  const html = renderMarkdown(markdown).trim();
  const inner = html.slice(3, -4);
  return html.startsWith('<p>') && html.endsWith('</p>') && !inner.includes('<p>') ? inner : html;
}
