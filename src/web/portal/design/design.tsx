import type { ReactNode } from 'react';
import { useLoaderData } from 'react-router';
import { highlight } from '../../highlight.server.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { CodeSection, DataSection, FormSection, MessageSection, PlotSection } from './components.tsx';
import { codeOf } from './sample-code.ts';
import { ColourSection, TypeSection } from './tokens.tsx';

const words = texts.design;

export const loader = load(async () => ({
  samples: codeOf.map((sample) => ({ ...sample, html: highlight(sample.code, sample.language) })),
  at: Date.UTC(2026, 10, 22, 14, 3),
}));

/** Everything that pages are made of, in both themes. */
export default function Design() {
  const { samples, at } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-12">
      <title>{words.title}</title>
      <header className="space-y-2">
        <h1 className="text-2xl sm:text-3xl">{words.title}</h1>
        <p className="max-w-[68ch] text-lg text-muted">{words.lead}</p>
      </header>
      <TypeSection />
      <Section id="colour" title={words.colour}><BothThemes>{() => <ColourSection />}</BothThemes></Section>
      <Section id="forms" title={words.forms}><BothThemes>{(theme) => <FormSection idPrefix={theme} />}</BothThemes></Section>
      <Section id="messages" title={words.messages}><BothThemes>{() => <MessageSection />}</BothThemes></Section>
      <Section id="plots" title={words.plots}><BothThemes>{() => <PlotSection at={at} />}</BothThemes></Section>
      <Section id="data" title={words.data}><BothThemes>{(theme) => <DataSection at={at} name={theme} />}</BothThemes></Section>
      <Section id="code" title={words.code}><BothThemes>{() => <CodeSection samples={samples} />}</BothThemes></Section>
      <Section id="tabs" title={words.tabs}><Tabs label={words.tabs} tabs={words.tabSamples.map(({ label, panel }) => ({ label, panel: <p className="max-w-[68ch]">{panel}</p> }))} /></Section>
    </div>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return <section aria-labelledby={id} className="space-y-4"><h2 id={id} className="border-t pt-6 text-xl">{title}</h2>{children}</section>;
}

function BothThemes({ children }: { children: (theme: string) => ReactNode }) {
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      {(['light', 'dark'] as const).map((theme) => <div key={theme} data-theme={theme} className="min-w-0 rounded-md border bg-paper p-4 text-ink sm:p-6">{children(theme)}</div>)}
    </div>
  );
}
