import { Fragment, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import type { RequestRow } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { Badge, Method, StatusCode } from '../ui/badge.tsx';
import { ChevronDown, ChevronRight } from '../ui/icon.ts';
import { TextLink } from '../ui/text-link.tsx';
import { Time } from '../ui/time.tsx';
import { formatMs } from '../ui/number.ts';

export type ShownCall = Pick<RequestRow, 'id' | 'at' | 'productSlug' | 'version' | 'operation' | 'method' | 'status' | 'code' | 'mode' | 'durationMs' | 'keyMasked' | 'consumerId' | 'consumerName'>;

export function shownCall({ id, at, productSlug, version, operation, method, status, code, mode, durationMs, keyMasked, consumerId, consumerName }: RequestRow): ShownCall {
  return { id, at, productSlug, version, operation, method, status, code, mode, durationMs, keyMasked, consumerId, consumerName };
}

const words = texts.dashboard.requests;
const cellClass = 'border-b px-2 py-1.5 align-top first:pl-0 last:pr-0';
const headClass = 'border-b px-2 py-1.5 text-sm font-medium whitespace-nowrap text-muted first:pl-0 last:pr-0';

/** Calls, newest first; each opens its own page below `base`, and with `opened` (the address's `open`) in place too. `consumers` shows whose they are. */
export function CallTable({ rows, base, consumers = false, opened }: { rows: ShownCall[]; base: string; consumers?: boolean; opened?: { id: string; content: ReactNode } | null }) {
  const columns = 6 + (opened !== undefined ? 1 : 0) + (consumers ? 1 : 0);
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={words.caption}>
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{words.caption}</caption>
        <thead>
          <tr>
            {opened !== undefined && <th scope="col" className={`${headClass} w-8`}><span className="sr-only">{words.details}</span></th>}
            <th scope="col" className={`${headClass} max-sm:hidden`}>{words.time}</th>
            <th scope="col" className={headClass}>{words.status}</th>
            <th scope="col" className={headClass}>{words.operation}</th>
            {consumers && <th scope="col" className={`${headClass} max-sm:hidden`}>{words.consumer}</th>}
            <th scope="col" className={`${headClass} max-md:hidden`}>{words.mode}</th>
            <th scope="col" className={`${headClass} max-md:hidden`}>{words.key}</th>
            <th scope="col" className={`${headClass} text-right`}>{words.duration}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={row.id}>
              <Row row={row} base={base} consumers={consumers} foldable={opened !== undefined} open={opened?.id === row.id} />
              {opened?.id === row.id && <tr><td colSpan={columns} className="border-b bg-sunken px-3 py-4 sm:px-4">{opened.content}</td></tr>}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, base, consumers, foldable, open }: { row: ShownCall; base: string; consumers: boolean; foldable: boolean; open: boolean }) {
  const { search } = useLocation();
  const Icon = open ? ChevronDown : ChevronRight;
  const fold = new URLSearchParams(search);
  if (open) fold.delete('open');
  else fold.set('open', row.id);
  return (
    <tr className="hover:bg-sunken">
      {foldable && (
        <td className={cellClass}><Link to={`?${fold}`} preventScrollReset aria-expanded={open} aria-label={`${open ? words.close : words.open} ${row.id}`} className="inline-flex size-6 items-center justify-center rounded-sm text-muted hover:text-ink"><Icon className="size-4" aria-hidden="true" /></Link></td>
      )}
      <td className={`${cellClass} text-sm max-sm:hidden`}><Time ms={row.at} seconds /></td>
      <td className={`${cellClass} sm:whitespace-nowrap`}><StatusCode status={row.status} />{row.code && <code className="text-xs text-muted max-sm:block sm:ml-1.5">{row.code}</code>}</td>
      <td className={cellClass}>
        <Method name={row.method} /> <TextLink to={`${base}/${row.id}`} className="break-words">{row.operation ?? words.unknownOperation}</TextLink> {row.operation !== null && <span className="whitespace-nowrap text-muted"><span className={consumers ? 'max-2xl:hidden' : ''}>{row.productSlug} </span>{row.version}</span>}
        <span className="block text-xs text-muted sm:hidden">{consumers && <span className="block">{row.consumerName}</span>}<Time ms={row.at} seconds /></span>
      </td>
      {consumers && <td className={`${cellClass} break-words max-sm:hidden`}><TextLink to={`/workspace/consumers/${row.consumerId}`}>{row.consumerName ?? row.consumerId}</TextLink></td>}
      <td className={`${cellClass} max-md:hidden`}>{row.mode === 'test' ? <Badge>{texts.dashboard.filters.test}</Badge> : <span className="text-muted">{texts.dashboard.filters.live}</span>}</td>
      <td className={`${cellClass} max-md:hidden`}><code className="text-xs whitespace-nowrap">{row.keyMasked ?? ''}</code></td>
      <td className={`${cellClass} text-right tabular-nums`}>{formatMs(row.durationMs)}</td>
    </tr>
  );
}
