import { useEffect, useRef } from 'react';
import { useLocation } from 'react-router';

/** After the way to another page the focus stands on its heading, so that a screen reader says where one is and Tab goes on from there. */
export function useFocusOnNavigation(): void {
  const { pathname, hash } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    if (hash !== '' || document.activeElement?.closest('[data-keeps-focus]')) return;
    const target = document.querySelector<HTMLElement>('#content h1') ?? document.getElementById('content');
    target?.setAttribute('tabindex', '-1');
    target?.focus({ preventScroll: true });
  }, [pathname, hash]);
}
