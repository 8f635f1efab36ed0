export interface ChartFigure { name: string; value: string; dot?: string }

/** The exact figures of one bucket, beside it. `share` is where it stands between left and right. */
export function ChartReadout({ share, title, figures }: { share: number; title: string; figures: ChartFigure[] }) {
  const left = share > 0.55;
  return (
    <div aria-hidden="true" className={`pointer-events-none absolute top-0 z-10 mx-3 rounded-md border border-line bg-raised px-3 py-2 text-sm shadow-float ${left ? '-translate-x-[calc(100%+1.5rem)]' : ''}`} style={{ left: `${share * 100}%` }}>
      <p className="font-medium whitespace-nowrap">{title}</p>
      <dl className="mt-1 grid grid-cols-[1fr_auto] gap-x-4">
        {figures.map(({ name, value, dot }) => (
          <div key={name} className="contents">
            <dt className="flex items-center gap-1.5 whitespace-nowrap text-muted"><span className={`size-2 rounded-xs ${dot ?? ''}`} />{name}</dt>
            <dd className="text-right tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
