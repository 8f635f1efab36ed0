import { useId, type ReactNode } from 'react';

/** Panels of which one shows; at most eight. Native radio buttons choose, so that arrow keys work and no script is needed. */
export function Tabs({ label, tabs }: { label: string; tabs: { label: ReactNode; panel: ReactNode }[] }) {
  const name = useId();
  return (
    <div className="choice space-y-3">
      <div role="radiogroup" aria-label={label} className="flex gap-x-5 overflow-x-auto border-b">
        {tabs.map((tab, index) => (
          <label key={index} className="choice-tab -mb-px cursor-pointer border-b-2 border-transparent py-1.5 whitespace-nowrap text-muted hover:text-ink has-checked:border-accent has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent">
            <input type="radio" name={name} defaultChecked={index === 0} className="sr-only" />{tab.label}
          </label>
        ))}
      </div>
      <div>{tabs.map((tab, index) => <div key={index} className="choice-panel">{tab.panel}</div>)}</div>
    </div>
  );
}
