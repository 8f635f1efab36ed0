import { texts } from '../texts.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { CircleCheck, Info, TriangleAlert } from '../ui/icon.ts';
import { Notice } from '../ui/notice.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { RequestBlock } from './request-block.tsx';
import type { ShownBlock } from './resolve-requests.server.ts';

const words = texts.article;
const callouts = { note: { rule: 'border-info', tone: 'text-info', icon: Info }, tip: { rule: 'border-good', tone: 'text-good', icon: CircleCheck }, warning: { rule: 'border-notice', tone: 'text-notice', icon: TriangleAlert } } as const;

export function ArticleBody({ blocks }: { blocks: ShownBlock[] }) {
  return <div className="article-body">{blocks.map((block, index) => <Block key={index} block={block} />)}</div>;
}

function Block({ block }: { block: ShownBlock }) {
  switch (block.kind) {
    case 'html': return <div className="prose-text" dangerouslySetInnerHTML={{ __html: block.html }} />;
    case 'code': return <CodeBlock label={block.language || words.code} language={block.language} code={block.code} html={block.html} />;
    case 'callout': return <Callout tone={block.tone} blocks={block.blocks} />;
    case 'tabs': return <Tabs label={words.choose} tabs={block.tabs.map(({ label, blocks }) => ({ label, panel: <ArticleBody blocks={blocks} /> }))} />;
    case 'call': return <RequestBlock key={`${block.href} ${JSON.stringify(block.values)}`} block={block} />;
    case 'problem': return <Notice tone="notice" title={words.requestBroken}>{block.text}</Notice>;
  }
}

function Callout({ tone, blocks }: Omit<Extract<ShownBlock, { kind: 'callout' }>, 'kind'>) {
  const { rule, tone: colour, icon: Icon } = callouts[tone];
  return (
    <div role="note" className={`max-w-[68ch] border-l-2 pl-4 text-lg ${rule}`}>
      <p className={`flex items-center gap-1.5 text-sm font-semibold ${colour}`}><Icon className="size-4" aria-hidden="true" />{words[tone]}</p>
      <ArticleBody blocks={blocks} />
    </div>
  );
}
