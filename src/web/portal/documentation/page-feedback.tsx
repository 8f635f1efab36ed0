import { useFetcher, useLocation } from 'react-router';
import { texts } from '../../texts.ts';
import { buttonClass } from '../../ui/button.tsx';
import { TextArea } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useHydrated } from '../../ui/use-hydrated.ts';
import type { action } from './feedback.tsx';

const words = texts.documentationRuns;

/** "Was this page helpful?" with a comment that may be left out; a plain form without script. */
export function PageFeedback() {
  const { pathname } = useLocation();
  return <Question key={pathname} path={pathname} />;
}

function Question({ path }: { path: string }) {
  const { search } = useLocation();
  const fetcher = useFetcher<typeof action>();
  const hydrated = useHydrated();
  const sent = (fetcher.data && 'sent' in fetcher.data) || new URLSearchParams(search).get('answered') === 'yes';
  const problem = fetcher.data && 'problem' in fetcher.data ? fetcher.data.problem : undefined;
  const busy = fetcher.state !== 'idle';
  return (
    <section id="helpful" aria-labelledby="helpful-question" className="scroll-mt-4 border-t pt-4">
      <h2 id="helpful-question" className="text-base font-medium">{words.question}</h2>
      <div role="status">{sent && <p className="mt-1 text-muted">{words.thanks}</p>}</div>
      {!sent && (
        <fetcher.Form method="post" action="/feedback" className="mt-2 max-w-[60ch] space-y-3">
          <input type="hidden" name="path" value={path} />
          {hydrated && <input type="hidden" name="stay" value="yes" />}
          <ProblemNotice problem={problem} />
          <div className="flex gap-2">
            {(['yes', 'no'] as const).map((answer) => <button key={answer} type="submit" name="helpful" value={answer} disabled={busy} className={buttonClass('plain')}>{busy && fetcher.formData?.get('helpful') === answer ? words.sending : words[answer]}</button>)}
          </div>
          <details>
            <summary className="cursor-pointer py-1 text-sm text-muted hover:text-ink">{words.addComment}</summary>
            <div className="py-1"><TextArea label={words.commentLabel} name="comment" rows={3} maxLength={2000} hint={words.commentHint} /></div>
          </details>
        </fetcher.Form>
      )}
    </section>
  );
}
