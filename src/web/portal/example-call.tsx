import { texts } from '../texts.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { Time } from '../ui/time.tsx';
import type { ExampleCall as Call } from './example-call.server.ts';

const words = texts.home;

/** A call and its answer, one above the other, with when it was answered. */
export function ExampleCall({ call }: { call: Call }) {
  return (
    <div className="min-w-0 space-y-2">
      <CodeBlock label={words.call} language="bash" code={call.curl} html={call.curlHtml} />
      {call.answer && (
        <>
          <CodeBlock label={call.answer.status === null ? words.contractAnswer : words.realAnswer(call.answer.status, call.answer.durationMs)} language="json" code={call.answer.text} html={call.answer.html} copy={false} />
          {call.answer.at !== null && <p className="text-sm text-muted">{words.answeredAt} <Time ms={call.answer.at} /></p>}
        </>
      )}
    </div>
  );
}
