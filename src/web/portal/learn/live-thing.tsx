import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { formatDuration } from '../../ui/format-time.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import type { LiveView } from './live-thing.server.ts';

const words = texts.learn.live;

/** The thing itself, where Portico has it. */
export function LiveThing({ view, path }: { view: LiveView; path: string }) {
  return (
    <section aria-labelledby="live" className="space-y-2 rounded-md bg-sunken px-4 py-3">
      <h2 id="live" className="text-sm font-semibold text-muted">{words.title[view.kind]}</h2>
      <Shown view={view} path={path} />
    </section>
  );
}

function Shown({ view, path }: { view: LiveView; path: string }) {
  switch (view.kind) {
    case 'sign-in': return <p>{words.signIn} <TextLink to={`/sign-in?next=${encodeURIComponent(path)}`}>{words.signInLink}</TextLink></p>;
    case 'first-call': return <p>{view.ttfcMs === null ? <>{words.noFirstCall} <TextLink to="/start">{words.toStart}</TextLink></> : <><span className="text-xl font-semibold tabular-nums">{formatDuration(view.ttfcMs)}</span> {words.firstCallAfter} <TextLink to="/dashboard">{words.toDashboard}</TextLink></>}</p>;
    case 'account': return <p>{words.account(view.name, view.email)} {words.people(view.developers)} <TextLink to="/dashboard/account">{words.toAccount}</TextLink></p>;
    case 'keys': return <p>{words.keys(view.keys, view.used)} <TextLink to="/dashboard/keys">{words.toKeys}</TextLink></p>;
    case 'plans': return <List empty={words.noPlans}>{view.products.map(({ slug, name, plans }) => <li key={slug}><TextLink to={`/${slug}#plans`}>{name}</TextLink>: {plans.join(', ')}</li>)}</List>;
    case 'limits': return <List empty={words.noLimits}>{view.limits.map(({ product, plan, name, test, requests, per, remaining, resetsAt }) => <li key={`${product} ${plan} ${name} ${test}`}>{words.limit(product, plan, name, requests, per)}{test && `, ${words.inTestMode}`}{remaining !== null && `, ${words.remaining(remaining)}`}{resetsAt !== null && <>, {words.resets} <Time ms={resetsAt} /></>}</li>)}</List>;
    case 'versions': return <List empty={words.noVersions}>{view.versions.map(({ slug, product, name, deprecatedAt, sunsetAt }) => <li key={`${slug} ${name}`}><TextLink to={`/${slug}/${name}`}>{product} {name}</TextLink>: {words.deprecated} <Time ms={deprecatedAt} day />{sunsetAt !== null && <>, {words.ends} <Time ms={sunsetAt} day /></>}</li>)}</List>;
  }
}

function List({ empty, children }: { empty: string; children: ReactNode[] }) {
  return children.length === 0 ? <p>{empty}</p> : <ul className="space-y-1">{children}</ul>;
}
