import { useEffect, useRef, useState, type RefObject } from 'react';
import { useFetcher } from 'react-router';
import type { SchemaNode } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { flagsOf, rowName, ruleWords, typeWords } from './schema-words.ts';

const words = texts.reference;

/** Where a tree stands: the address of its version, the id of its row, and the components around it with the ids of their rows. */
export interface TreePlace { base: string; id: string; trail: [string, string][] }

/** The rows below a schema, with what it says of itself above them. */
export function SchemaTree({ node, place, depth = 0 }: { node: SchemaNode; place: TreePlace; depth?: number }) {
  return (
    <div>
      <Facts node={node} base={place.base} />
      <Rows node={node} place={within(place, node)} depth={depth} />
    </div>
  );
}

/** One row and, when there are any, the rows below it: open down to depth two. `anchor` gives it a link to itself. */
export function SchemaRow({ node, place, depth, anchor = false }: { node: SchemaNode; place: TreePlace; depth: number; anchor?: boolean }) {
  const inner = within(place, node);
  return (
    <div id={place.id} className="schema-row">
      <Heading node={node} place={place} anchor={anchor} />
      <Facts node={node} base={place.base} />
      {hasRows(node) && (
        <details open={depth < 1 && (node.children?.length ?? 0) > 0} data-fold={place.id} className="schema-fold">
          <summary>{node.title ?? typeWords(node)}</summary>
          <div><Rows node={node} place={inner} depth={depth + 1} /></div>
        </details>
      )}
    </div>
  );
}

export function hasRows({ children, more }: SchemaNode): boolean {
  return (children?.length ?? 0) > 0 || more !== undefined;
}

function Rows({ node, place, depth }: { node: SchemaNode; place: TreePlace; depth: number }) {
  return (
    <>
      {node.children?.map((child, index) => <SchemaRow key={index} node={child} place={{ ...place, id: childId(place.id, child) }} depth={depth} />)}
      {node.more && <MoreRows more={node.more} place={place} depth={depth} opened={(node.children?.length ?? 0) === 0} />}
    </>
  );
}

function within({ base, id, trail }: TreePlace, { title }: SchemaNode): TreePlace {
  return { base, id, trail: title === undefined ? trail : [...trail, [title, id]] };
}

function childId(parent: string, { name, role }: SchemaNode): string {
  return `${parent}.${[role, name].filter(Boolean).join('-').replaceAll(/[^\w.-]+/g, '-')}`;
}

/** Rows that did not fit the page: a link to a page of them, and with scripts they come in place. `opened` loads them when their fold opens. */
function MoreRows({ more, place, depth, opened }: { more: NonNullable<SchemaNode['more']>; place: TreePlace; depth: number; opened: boolean }) {
  const fetcher = useFetcher<{ node: SchemaNode }>();
  const [asked, setAsked] = useState(false);
  const link = useRef<HTMLAnchorElement>(null);
  const query = new URLSearchParams({ at: more.at, ...(more.from > 0 ? { from: String(more.from) } : {}), ...(place.trail.length > 0 ? { within: place.trail.map(([name]) => name).join('\n') } : {}) });
  const address = `${place.base}/openapi.schema?${query}`;
  const ask = () => {
    setAsked(true);
    void fetcher.load(address);
  };
  useEffect(() => {
    const fold = link.current?.closest('details');
    if (!opened || asked || !fold) return;
    const load = () => { if (fold.open) ask(); };
    load();
    fold.addEventListener('toggle', load);
    return () => fold.removeEventListener('toggle', load);
  });
  if (fetcher.data) return <Rows node={fetcher.data.node} place={place} depth={depth} />;
  return (
    <p className="border-t py-2 text-sm">
      <a ref={link} href={address} onClick={(event) => { if (event.ctrlKey || event.metaKey || event.shiftKey) return; event.preventDefault(); ask(); }} className="text-accent underline underline-offset-2">{words.moreRows(more.count)}</a>
      <span aria-live="polite" className="ml-2 text-muted">{fetcher.state === 'loading' ? words.loadingRows : asked && fetcher.state === 'idle' ? words.notLoaded : ''}</span>
    </p>
  );
}

function Heading({ node, place, anchor }: { node: SchemaNode; place: TreePlace; anchor: boolean }) {
  const { code, words: said } = rowName(node);
  const back = node.circle === undefined ? undefined : place.trail.find(([name]) => name === node.circle)?.[1];
  return (
    <p>
      {code && <code>{code}</code>}
      {said && <span className="said">{said}</span>}
      {node.circle === undefined ? <span>{typeWords(node)}</span> : <span>{words.leadsBackTo}</span>}
      {node.circle !== undefined && (back ? <a href={`#${back}`}>{node.circle}</a> : <span>{node.circle}</span>)}
      {flagsOf(node).map(({ name, text }) => <span key={name} className={name === 'required' || name === 'deprecated' ? name : undefined}>{text}</span>)}
      {anchor && <a href={`#${place.id}`} aria-label={words.linkTo(code)} className="anchor">{words.anchorSign}</a>}
    </p>
  );
}

function Facts({ node, base }: { node: SchemaNode; base: string }) {
  const rules = ruleWords(node);
  return (
    <>
      {node.description && <div className="prose-text prose-small" dangerouslySetInnerHTML={{ __html: node.description }} />}
      {rules.length > 0 && <p className="schema-rules">{rules.join(', ')}</p>}
      {node.discriminator && <p className="schema-note">{words.toldApartBy} <code className="text-xs">{node.discriminator}</code></p>}
      {node.mapping && <ul className="schema-note">{node.mapping.map(([value, pointer]) => <li key={value}>{words.whenIs(value)}: <a className="underline" href={`${base}/openapi.schema?${new URLSearchParams({ at: pointer })}`}>{pointer.split('/').at(-1)}</a></li>)}</ul>}
    </>
  );
}

/** Folds that the reader opened or closed stay so, on this page and on later visits. */
export function useRememberedFolds(container: RefObject<HTMLElement | null>, page: string): void {
  useEffect(() => {
    const root = container.current;
    if (!root) return;
    const key = `folds ${page}`;
    const remembered = readFolds(key);
    for (const fold of root.querySelectorAll<HTMLDetailsElement>('details[data-fold]')) {
      const open = remembered[fold.dataset['fold']!];
      if (open !== undefined) fold.open = open;
    }
    const remember = (event: Event) => {
      const fold = event.target;
      if (!(fold instanceof HTMLDetailsElement) || fold.dataset['fold'] === undefined) return;
      const folds = { ...readFolds(key), [fold.dataset['fold']]: fold.open };
      try {
        localStorage.setItem(key, JSON.stringify(Object.fromEntries(Object.entries(folds).slice(-200))));
      } catch {
        // Storage that is full or forbidden remembers nothing.
      }
    };
    root.addEventListener('toggle', remember, true);
    return () => root.removeEventListener('toggle', remember, true);
  }, [container, page]);
}

function readFolds(key: string): Record<string, boolean> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, boolean>;
  } catch {
    return {};
  }
}
