import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { texts } from '../../../texts.ts';
import { StatusCode } from '../../../ui/badge.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatBytes, formatCount } from '../../../ui/number.ts';
import type { Answer, Failure } from './send-call.ts';

const words = texts.tryIt;

/** What came back, or why nothing did. */
export function AnswerView({ result, gateway, renewed, label = words.answer }: { result: Answer | Failure; gateway: string; renewed: boolean; label?: string }) {
  if (typeof result === 'string') {
    const said = { stopped: words.stopped, 'too-slow': words.tooSlow, unreachable: words.unreachableWhy(gateway) }[result];
    return <div className="rounded-md border border-notice p-3"><p className="font-medium">{words.unreachable}</p><p className="mt-1 text-sm">{said}</p></div>;
  }
  const { status, ms, bytes, requestId, headers, problem, body, cut, mediaType } = result;
  return (
    <section aria-label={label} className="overflow-hidden rounded-md border bg-sunken">
      <p className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 border-b px-3 py-1.5 text-sm text-muted tabular-nums">
        <StatusCode status={status} /><span>{words.timing(formatCount(ms))}</span><span>{formatBytes(bytes)}</span>
        <span className="flex-1" />
        {body.kind === 'text' && <CopyButton text={body.text} />}
      </p>
      {renewed && <p className="border-b px-3 py-2 text-sm text-muted">{words.renewed}</p>}
      {problem && (
        <div className="space-y-1 border-b px-3 py-2">
          <p className="font-medium">{problem.title}</p>
          <p className="text-sm">{problem.detail}</p>
          <p className="text-sm"><Link to={`/errors/${problem.code}`} className="text-accent underline underline-offset-2">{words.whatItMeans}</Link></p>
        </div>
      )}
      {requestId && <p className="border-b px-3 py-2 text-sm"><span className="text-muted">{words.requestId}</span> <code className="break-all">{requestId}</code></p>}
      <details className="border-b px-3 py-2 text-sm">
        <summary className="w-fit text-muted hover:text-ink">{words.headers}</summary>
        <dl className="mt-2 space-y-1 font-mono text-xs">{headers.map(([name, value]) => <div key={name} className="break-all"><dt className="inline text-muted">{name}: </dt><dd className="inline">{value}</dd></div>)}</dl>
      </details>
      {body.kind === 'none' && <p className="px-3 py-2 text-sm text-muted">{words.noBody}</p>}
      {body.kind === 'text' && <pre tabIndex={0} aria-label={label} className="max-h-96 overflow-auto p-3 text-sm leading-relaxed"><code>{body.text}</code></pre>}
      {body.kind === 'binary' && <BinaryBody mediaType={mediaType} bytes={body.bytes} />}
      {cut && <p className="border-t px-3 py-2 text-sm text-muted">{words.cut(formatBytes(body.kind === 'text' ? body.text.length : bytes), formatBytes(bytes))}</p>}
    </section>
  );
}

function BinaryBody({ mediaType, bytes }: { mediaType: string; bytes: Uint8Array<ArrayBuffer> }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    // Never with the answer's own type: the browser must save it and not open it.
    const made = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return <p className="px-3 py-2 text-sm"><span className="text-muted">{words.binary(mediaType)}</span> {address && <a href={address} download="answer" className="text-accent underline">{words.download}</a>}</p>;
}
