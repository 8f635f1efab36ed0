import { createTransport } from 'nodemailer';

export interface Message { to: string; subject: string; text: string; html: string }

export interface Smtp {
  /** Resolves once the server has accepted the message. */
  send(message: Message): Promise<void>;
  close(): void;
}

/** Mail over the server at this address (`smtp://user:pass@host:port`); `?from=` names the sender, else `no-reply@` the portal's host. */
export function connectSmtp({ url, webUrl }: { url: string; webUrl: string }): Smtp {
  const address = new URL(url);
  const from = address.searchParams.get('from') ?? `no-reply@${new URL(webUrl).hostname}`;
  address.searchParams.delete('from');
  const transport = createTransport({ url: address.href, connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000 });
  return {
    send: async (message) => {
      await transport.sendMail({ from, ...message });
    },
    close: () => transport.close(),
  };
}
