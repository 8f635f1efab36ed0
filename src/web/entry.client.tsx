import { startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { HydratedRouter } from 'react-router/dom';

// What locks scrolling under a dialog adds a style element; it asks here for the nonce that the policy of this page allows.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';

startTransition(() => {
  hydrateRoot(document, <HydratedRouter />);
});
