// Enters: the answer to "Was this page helpful?". Leaves: back to that page, or for the page's own script that it was taken.
import { redirect, useActionData } from 'react-router';
import { localPath } from '../../local-path.server.ts';
import { act, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

export const loader = () => redirect('/');

export const action = act(async ({ form, services, reader, web }) => {
  const path = text(form, 'path');
  const comment = text(form, 'comment');
  await services.feedback.send(await reader(), { path, helpful: text(form, 'helpful') === 'yes', ...(comment && { comment }), address: web.clientAddress });
  if (text(form, 'stay') === 'yes') return { sent: true as const };
  throw redirect(`${localPath(path, '/')}?answered=yes#helpful`, 303);
});

/** Seen only without script, when the answer was refused. */
export default function FeedbackRefused() {
  const answer = useActionData<typeof action>();
  return (
    <div className="max-w-[68ch] space-y-4">
      <title>{texts.documentationRuns.feedbackTitle}</title>
      <h1 className="text-2xl">{texts.documentationRuns.feedbackTitle}</h1>
      <ProblemNotice problem={answer && 'problem' in answer ? answer.problem : undefined} />
    </div>
  );
}
