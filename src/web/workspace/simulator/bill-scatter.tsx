import type { SimulatedConsumer } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { formatMoney } from '../../ui/money.ts';
import { formatCount } from '../../ui/number.ts';
import { fillOf } from '../../ui/plot-tone.ts';

const words = texts.simulator;
const [width, height, left, bottom, top] = [400, 300, 56, 34, 10];
const side = { x: width - left - 10, y: height - top - bottom };

/** Each consumer's old bill against the new one, on logarithmic axes that begin at nothing: above the line they pay more. The table beside it has the figures. */
export function BillScatter({ consumers, currency }: { consumers: SimulatedConsumer[]; currency: string }) {
  const highest = Math.max(1, ...consumers.flatMap((row) => [Number(row.old), Number(row.new)]));
  const reach = scaled(highest);
  const x = (amount: number): number => left + (scaled(amount) / reach) * side.x;
  const y = (amount: number): number => top + side.y - (scaled(amount) / reach) * side.y;
  const ticks = [0, ...Array.from({ length: Math.floor(Math.log10(highest)) + 1 }, (_, power) => 10 ** power)];
  const losers = consumers.filter(({ change }) => Number(change) > 0).length;
  const winners = consumers.filter(({ change }) => Number(change) < 0).length;
  return (
    <figure className="min-w-0 space-y-2">
      <figcaption className="font-medium">{words.scatter} <span className="text-sm font-normal text-muted">{words.scatterUnit(currency.toUpperCase())}</span></figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} className="w-full max-w-xl" role="img" aria-label={words.scatterLabel(formatCount(losers), formatCount(winners))} fontSize="11">
        {ticks.map((tick) => (
          <g key={tick} className="fill-muted stroke-line">
            <line x1={x(tick)} x2={x(tick)} y1={top} y2={top + side.y} />
            <line x1={left} x2={left + side.x} y1={y(tick)} y2={y(tick)} />
            <text x={x(tick)} y={height - 18} textAnchor="middle" stroke="none">{formatCount(tick)}</text>
            <text x={left - 6} y={y(tick) + 4} textAnchor="end" stroke="none">{formatCount(tick)}</text>
          </g>
        ))}
        <line x1={x(0)} y1={y(0)} x2={x(highest)} y2={y(highest)} className="stroke-edge" strokeDasharray="4 4" />
        <text x={left + side.x / 2} y={height - 3} textAnchor="middle" className="fill-muted">{words.oldAxis}</text>
        <text x={12} y={top + side.y / 2} textAnchor="middle" transform={`rotate(-90 12 ${top + side.y / 2})`} className="fill-muted">{words.newAxis}</text>
        {consumers.map((row) => (
          <circle key={row.consumerId} cx={x(Number(row.old))} cy={y(Number(row.new))} r="3.5" fillOpacity="0.7" className={fillOf[Number(row.change) > 0 ? 'bad' : Number(row.change) < 0 ? 'good' : 'muted']}>
            <title>{words.point(row.consumerName, formatMoney(row.old, currency), formatMoney(row.new, currency))}</title>
          </circle>
        ))}
      </svg>
    </figure>
  );
}

function scaled(amount: number): number {
  return Math.log10(1 + Math.max(0, amount));
}
