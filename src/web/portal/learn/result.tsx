import { Form, Link } from 'react-router';
import { texts } from '../../texts.ts';
import { ButtonLink, Submit } from '../../ui/button.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { ReadAgain } from './read-again.tsx';
import type { SetView } from './set-view.server.ts';

const words = texts.learn;

/** How the set went, and what to read again. */
export function Result({ set, of, completed, right, again, signedIn }: { set: string; of: number; completed: number; right: number; again: SetView['again']; signedIn: boolean }) {
  const finished = completed === of;
  return (
    <section id="question" aria-labelledby="result" className="space-y-5 border-t pt-6">
      <div className="space-y-1">
        <h2 id="result" className="text-xl">{finished ? words.result : words.notFinished}</h2>
        <p className="text-lg"><span className="font-semibold tabular-nums">{words.rightOf(right, of)}</span> {finished ? (again.length === 0 ? words.allRight : words.someWrong) : words.openLeft(of - completed)}</p>
      </div>
      {again.length > 0 && (
        <div className="space-y-3">
          <h3 className="font-semibold">{words.readAgainTitle}</h3>
          <ul className="space-y-3">{again.map(({ id, number, text, read }) => <li key={id} className="space-y-1 border-l-2 pl-4"><Link to={`/learn/${set}?q=${id}`} className="hover:underline">{number}. {text}</Link><ReadAgain links={read} /></li>)}</ul>
        </div>
      )}
      <div className="flex flex-wrap gap-3">
        {finished ? <ButtonLink data-turn="" to="/learn">{words.more}</ButtonLink> : <ButtonLink data-turn="" to={`/learn/${set}`}>{words.goOn}</ButtonLink>}
        {completed > 0 && <Form method="post" action={`/learn/${set}`}><input type="hidden" name="intent" value="retry" /><Submit kind="plain" doing={words.retrying}>{words.retrySet}</Submit></Form>}
      </div>
      {!signedIn && <p className="text-sm text-muted">{words.keptHere} <TextLink to={`/sign-up?next=${encodeURIComponent(`/learn/${set}`)}`}>{words.signUp}</TextLink></p>}
    </section>
  );
}
