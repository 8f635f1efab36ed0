import { useLoaderData } from 'react-router';
import { isLoopback } from '../../domain/loopback.ts';
import { load, refusal } from '../page.server.ts';
import { texts } from '../texts.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Time } from '../ui/time.tsx';

const words = texts.outbox;

// Mails hold links that sign people in: beyond this machine they are for owners alone. A name of this machine that others gave it, as a proxy or a foreign page does, is beyond it.
export const loader = load(async ({ rights, services, web, url }) => {
  const { development, mailKept } = await services.configuration.portal();
  const open = (development && isLoopback(web.clientAddress) && isLoopback(url.hostname)) || (await rights()).includes('members.change');
  if (!mailKept || !open) throw refusal('not_found', 'There is no page at this address.', web);
  return { mails: await services.mail.outbox() };
});

export default function Outbox() {
  const { mails } = useLoaderData<typeof loader>();
  return (
    <div className="max-w-3xl space-y-6">
      <title>{words.title}</title>
      <div className="space-y-2">
        <h1 className="text-2xl">{words.title}</h1>
        <p className="text-muted">{words.lead} <code>PORTICO_SMTP_URL</code>.</p>
      </div>
      {mails.length === 0 && <EmptyState title={words.none}>{words.noneMeaning}</EmptyState>}
      {mails.map((mail) => (
        <article key={mail.id} className="space-y-2 border-t pt-4">
          <h2 className="text-lg">{mail.subject}</h2>
          <p className="text-sm text-muted">{words.to(mail.to)} <Time ms={mail.createdAt} seconds /></p>
          <p className="break-words whitespace-pre-wrap"><Linked text={mail.text} /></p>
        </article>
      ))}
    </div>
  );
}

function Linked({ text }: { text: string }) {
  return text.split(/(https?:\/\/[^\s>)]+)/).map((part, index) => (index % 2 === 1 ? <a key={index} href={part} className="text-accent underline">{part}</a> : part));
}
