import { useEffect } from 'react';
import { texts } from '../texts.ts';
import { buttonClass } from '../ui/button.tsx';
import { ExternalLink } from '../ui/icon.ts';
import { Notice } from '../ui/notice.tsx';

const words = texts.payments;

/** The way to a page of the provider: forms may not lead away from the portal, so a link does, which scripts follow by themselves. */
export function PaymentPageLink({ url }: { url: string }) {
  useEffect(() => window.location.assign(url), [url]);
  return (
    <Notice title={words.atProvider} role="status">
      <p>{words.atProviderText}</p>
      <p className="pt-2"><a href={url} rel="noreferrer" className={buttonClass('primary')}>{words.goOn}<ExternalLink className="size-4" aria-hidden="true" /></a></p>
    </Notice>
  );
}
