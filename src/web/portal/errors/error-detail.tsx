import { useLoaderData } from 'react-router';
import { errorCatalogue, gatewayErrors } from '../../../errors.ts';
import { load, refusal } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { StatusCode } from '../../ui/badge.tsx';
import { Inline } from '../../ui/inline.tsx';
import { PageFeedback } from '../documentation/page-feedback.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { PageMeta } from '../page-meta.tsx';

const words = texts.errorPages;

export const loader = load(async ({ params, web }) => {
  const code = params['code'] ?? '';
  if (!Object.hasOwn(errorCatalogue, code)) throw refusal('not_found', `No error has the code ${code}.`, web);
  return { code: code as keyof typeof errorCatalogue, gateway: code in gatewayErrors };
});

export default function ErrorDetail() {
  const { code, gateway } = useLoaderData<typeof loader>();
  const entry = errorCatalogue[code];
  return (
    <article className="max-w-[68ch] space-y-6 text-lg">
      <PageMeta title={`${code}: ${entry.title}`} description={entry.meaning} path={`/errors/${code}`} card="home" markdown={`/errors/${code}.md`} />
      <p className="text-base"><TextLink to="/errors">{words.title}</TextLink></p>
      <header className="space-y-2">
        <p className="text-base"><StatusCode status={entry.status} /> <code>{code}</code></p>
        <h1 className="text-2xl">{entry.title}</h1>
      </header>
      <section className="space-y-2">
        <h2 className="text-lg">{words.meaning}</h2>
        <p><Inline text={entry.meaning} /></p>
      </section>
      <section className="space-y-2">
        <h2 className="text-lg">{words.mend}</h2>
        <ol className="list-decimal space-y-1 pl-5">{entry.mend.map((step) => <li key={step}><Inline text={step} /></li>)}</ol>
      </section>
      {gateway && <p className="text-base text-muted">{words.haveId} <TextLink to="/dashboard/requests">{words.lookUp}</TextLink></p>}
      <PageFeedback />
    </article>
  );
}
