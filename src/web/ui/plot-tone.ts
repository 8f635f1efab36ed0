/** Hues of a plot. Status classes are good, info, notice and bad; other series take them in the order of `plotTones`. */
export type PlotTone = 'accent' | 'good' | 'info' | 'notice' | 'bad' | 'violet' | 'muted';

export const plotTones: PlotTone[] = ['accent', 'info', 'violet', 'notice', 'good', 'bad', 'muted'];
export const fillOf: Record<PlotTone, string> = { accent: 'fill-accent', good: 'fill-plot-good', info: 'fill-plot-info', notice: 'fill-plot-notice', bad: 'fill-plot-bad', violet: 'fill-plot-violet', muted: 'fill-plot-muted' };
export const strokeOf: Record<PlotTone, string> = { accent: 'stroke-accent', good: 'stroke-plot-good', info: 'stroke-plot-info', notice: 'stroke-plot-notice', bad: 'stroke-plot-bad', violet: 'stroke-plot-violet', muted: 'stroke-plot-muted' };
export const dotOf: Record<PlotTone, string> = { accent: 'bg-accent', good: 'bg-plot-good', info: 'bg-plot-info', notice: 'bg-plot-notice', bad: 'bg-plot-bad', violet: 'bg-plot-violet', muted: 'bg-plot-muted' };
