import { texts } from '../texts.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { Notice } from '../ui/notice.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { RequestBlock } from './request-block.tsx';
import type { ShownBlock } from './resolve-requests.server.ts';

const words = texts.article;
const rules = { note: 'border-accent', tip: 'border-good', warning: 'border-notice' } as const;

export function ArticleBody({ blocks }: { blocks: ShownBlock[] }) {
  return <div className="article-body">{blocks.map((block, index) => <Block key={index} block={block} />)}</div>;
}

function Block({ block }: { block: ShownBlock }) {
  switch (block.kind) {
    case 'html': return <div className="prose-text" dangerouslySetInnerHTML={{ __html: block.html }} />;
    case 'code': return <CodeBlock label={block.language || words.code} language={block.language} code={block.code} html={block.html} />;
    case 'callout': return <div role="note" className={`max-w-[68ch] border-l-2 pl-4 text-lg ${rules[block.tone]}`}><p className="text-sm font-semibold">{words[block.tone]}</p><ArticleBody blocks={block.blocks} /></div>;
    case 'tabs': return <Tabs label={words.choose} tabs={block.tabs.map(({ label, blocks }) => ({ label, panel: <ArticleBody blocks={blocks} /> }))} />;
    case 'call': return <RequestBlock key={`${block.href} ${JSON.stringify(block.values)}`} block={block} />;
    case 'problem': return <Notice tone="notice" title={words.requestBroken}>{block.text}</Notice>;
  }
}
