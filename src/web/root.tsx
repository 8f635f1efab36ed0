import type { ReactNode } from 'react';
import { data, isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteError, useRouteLoaderData, type LoaderFunctionArgs, type MiddlewareFunction } from 'react-router';
import './app.css';
import { webContext } from './context.ts';
import mark from './mark.svg';
import { refusal, type Problem } from './page.server.ts';
import { isSameOrigin } from './same-origin.server.ts';
import { clearFlash, readFlash } from './flash.server.ts';
import { joinCarried } from './portal/learn/carried.server.ts';
import { texts } from './texts.ts';
import { readTheme } from './theme.server.ts';
import { ErrorPage } from './ui/error-page.tsx';
import { NavigationProgress } from './ui/navigation-progress.tsx';
import { Toast, type ToastMessage } from './ui/toast.tsx';
import { useFocusOnNavigation } from './ui/use-focus-on-navigation.ts';
import { ZoneContext } from './ui/zone.ts';
import { readLanguage } from './language.server.ts';
import { useReaderZone } from './use-reader-zone.ts';
import { readZone } from './zone.server.ts';

export const middleware: MiddlewareFunction<Response>[] = [
  async ({ request, context }, next) => {
    const web = context.get(webContext);
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request, web)) {
      throw refusal('csrf_refused', texts.ui.foreignForm, web);
    }
    return next();
  },
];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { services, person, viewed, requestId } = context.get(webContext);
  const [portal, brand, who, look] = await Promise.all([services.configuration.portal(), services.content.brand(), person(), viewed()]);
  const flash = readFlash(request);
  const headers = (who?.developer && !look ? await joinCarried(request, services.learn, { kind: 'developer', developerId: who.developer.developerId, consumerId: who.developer.consumerId, email: who.email, verified: who.verified }) : undefined) ?? new Headers();
  if (flash) headers.append('set-cookie', clearFlash);
  return data({
    portal,
    brand,
    requestId,
    theme: readTheme(request),
    zone: readZone(request),
    language: readLanguage(request),
    flash,
    person: who ? { email: who.email, verified: who.verified, member: who.member !== null, developer: look?.consumerName ?? who.developer?.consumerName ?? null } : null,
    viewed: look ? { id: look.actor.consumerId, name: look.consumerName, expiresAt: look.expiresAt } : null,
  }, { headers });
}

export function Layout({ children }: { children: ReactNode }) {
  const root = useRouteLoaderData<typeof loader>('root');
  const theme = root?.theme;
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href={mark} type="image/svg+xml" />
        <Meta />
        <Links />
        {root?.brand.stylesheet && <link rel="stylesheet" href={root.brand.stylesheet} />}
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function Root({ loaderData }: { loaderData: { zone: string; flash: ToastMessage | undefined } }) {
  useFocusOnNavigation();
  return (
    <ZoneContext value={useReaderZone(loaderData.zone)}>
      <NavigationProgress />
      <Outlet />
      <Toast message={loaderData.flash} />
    </ZoneContext>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  const root = useRouteLoaderData<typeof loader>('root');
  return <ErrorPage problem={problemOf(error, root?.requestId)} />;
}

function problemOf(error: unknown, requestId: string | undefined): Problem {
  if (isRouteErrorResponse(error)) {
    const told = error.data as Partial<Problem> | string | null;
    if (told !== null && typeof told === 'object' && told.code !== undefined) return told as Problem;
    if (error.status === 404) return { code: 'not_found', status: 404, title: texts.ui.noPageTitle, mend: [], detail: texts.ui.noPage, errors: [], requestId: requestId ?? '' };
  }
  return { code: 'internal', status: 500, title: texts.ui.ownFaultTitle, mend: [texts.ui.ownFaultMend], detail: texts.ui.ownFault, errors: [], requestId: requestId ?? '' };
}
