import { accentGrounds, accentShades, contrast, normalAccent } from '../../../domain/accent.ts';
import { texts } from '../../texts.ts';

const words = texts.workspaceSettings.brand;

/** What becomes of the colour on light and on dark pages, with the lowest contrast that its uses have. Nothing for what is no colour. */
export function AccentPreview({ colour }: { colour: string }) {
  if (colour === '') return <p className="text-muted">{words.noAccent}</p>;
  if (!/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(colour)) return null;
  const given = normalAccent(colour);
  const shades = accentShades(given);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {(['light', 'dark'] as const).map((theme) => {
        const { accent, soft, on } = shades[theme];
        const grounds = accentGrounds[theme];
        const lowest = Math.min(...[...Object.values(grounds), soft, on].map((ground) => contrast(accent, ground)));
        return (
          <figure key={theme} className="min-w-0 space-y-1.5">
            <svg viewBox="0 0 280 84" className="w-full rounded-md border" aria-hidden="true" fontSize="14" fontWeight="500">
              <rect width="280" height="84" fill={grounds.paper} />
              <text x="20" y="47" fill={accent} textDecoration="underline">{words.sampleLink}</text>
              <rect x="82" y="24" width="76" height="36" rx="6" fill={soft} />
              <text x="120" y="47" fill={accent} textAnchor="middle">{words.sampleSoft}</text>
              <rect x="172" y="24" width="92" height="36" rx="6" fill={accent} />
              <text x="218" y="47" fill={on} textAnchor="middle">{words.sampleButton}</text>
            </svg>
            <figcaption className="text-sm"><span className="font-medium">{words[theme]}</span> <span className="tabular-nums">{words.contrast(accent, (Math.floor(lowest * 10) / 10).toFixed(1))}</span> <span className="text-muted">{accent === given ? words.asGiven : words.moved}</span></figcaption>
          </figure>
        );
      })}
    </div>
  );
}
