import { texts } from '../../texts.ts';
import { CornerDownLeft } from '../../ui/icon.ts';
import type { Entry } from './entries.ts';

/** A listbox in groups; the field above it steers, so its options hold no focus. */
export function PaletteList({ entries, chosen, choose, point }: { entries: Entry[]; chosen: Entry | undefined; choose: (entry: Entry) => void; point: (at: number) => void }) {
  const groups = [...new Set(entries.map(({ group }) => group))];
  return (
    <div id="palette-list" role="listbox" tabIndex={0} aria-label={texts.palette.results} className="overflow-y-auto p-2">
      {groups.map((group, index) => (
        <div key={group} role="group" aria-labelledby={`palette-group-${index}`}>
          <p id={`palette-group-${index}`} role="presentation" className="px-2 pt-2 pb-1 text-xs font-medium text-muted">{group}</p>
          {entries.filter((entry) => entry.group === group).map((entry) => {
            const at = entries.indexOf(entry);
            return (
              <div key={entry.id} id={`palette-${at}`} role="option" aria-selected={entry === chosen} onPointerMove={() => point(at)} onClick={() => choose(entry)} className="flex min-h-9 cursor-pointer items-center gap-3 rounded-md px-2 aria-selected:bg-accent-soft">
                <span className="min-w-0 flex-1 truncate">{entry.title}</span>
                {entry.note && <span className="max-w-[45%] truncate text-sm text-muted">{entry.note}</span>}
                {entry === chosen && <CornerDownLeft className="size-3.5 shrink-0 text-muted" aria-hidden="true" />}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
