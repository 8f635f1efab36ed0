import { texts } from '../../texts.ts';

const words = texts.design;

const surfaces = [['paper', 'bg-paper'], ['raised', 'bg-raised'], ['sunken', 'bg-sunken'], ['accent-soft', 'bg-accent-soft'], ['good-soft', 'bg-good-soft'], ['notice-soft', 'bg-notice-soft'], ['bad-soft', 'bg-bad-soft'], ['info-soft', 'bg-info-soft']] as const;
const inks = [['ink', 'bg-ink'], ['muted', 'bg-muted'], ['accent', 'bg-accent'], ['good', 'bg-good'], ['notice', 'bg-notice'], ['bad', 'bg-bad'], ['info', 'bg-info'], ['blue', 'bg-blue'], ['violet', 'bg-violet'], ['line', 'bg-line'], ['edge', 'bg-edge']] as const;
const plots = [['plot-good', 'bg-plot-good'], ['plot-info', 'bg-plot-info'], ['plot-notice', 'bg-plot-notice'], ['plot-bad', 'bg-plot-bad'], ['plot-violet', 'bg-plot-violet'], ['plot-muted', 'bg-plot-muted']] as const;
const sizes = [['40', 'text-3xl font-semibold tracking-tight'], ['28', 'text-2xl font-semibold tracking-tight'], ['20', 'text-xl font-semibold tracking-tight'], ['16', 'text-lg'], ['14', 'text-base'], ['13', 'text-sm'], ['12', 'text-xs']] as const;

export function ColourSection() {
  return (
    <div className="space-y-5">
      <Swatches title={words.surfaces} tokens={surfaces} />
      <Swatches title={words.inks} tokens={inks} />
      <Swatches title={words.plotColours} tokens={plots} />
    </div>
  );
}

function Swatches({ title, tokens }: { title: string; tokens: readonly (readonly [string, string])[] }) {
  return (
    <div className="space-y-2">
      <h3 className="text-sm text-muted">{title}</h3>
      <ul className="grid grid-cols-2 gap-2 sm:grid-cols-4">
        {tokens.map(([name, fill]) => <li key={name} className="flex items-center gap-2 text-sm"><span className={`size-6 shrink-0 rounded-sm border ${fill}`} aria-hidden="true" /><code className="text-xs">{name}</code></li>)}
      </ul>
    </div>
  );
}

export function TypeSection() {
  return (
    <section aria-labelledby="type" className="space-y-4">
      <h2 id="type" className="border-t pt-6 text-xl">{words.type}</h2>
      <ul className="space-y-3">
        {sizes.map(([pixels, size]) => <li key={pixels} className="grid grid-cols-[2.5rem_minmax(0,1fr)] items-baseline gap-4"><span className="text-right text-sm text-muted tabular-nums">{pixels}</span><span className={`${size} truncate`}>{words.pangram}</span></li>)}
        <li className="grid grid-cols-[2.5rem_minmax(0,1fr)] items-baseline gap-4"><span className="text-right text-sm text-muted tabular-nums">13</span><code className="text-sm">{words.monospace}</code></li>
      </ul>
    </section>
  );
}
