// Wraps loaders and actions: hands them the services and the actor, and turns every failure into a page.
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { Actor, Right, Role } from '../control/services.ts';
import { errorCatalogue, isAppError, type ErrorCode, type ErrorPlace } from '../errors.ts';
import { webContext, type WebContext } from './context.ts';

export type DeveloperActor = Extract<Actor, { kind: 'developer' }>;
export type MemberActor = Extract<Actor, { kind: 'member' }>;

export interface Page {
  request: Request;
  url: URL;
  params: Record<string, string | undefined>;
  web: WebContext;
  services: WebContext['services'];
  /** The signed-in developer, or undefined: what a public page shows depends on it. Whom a member looks at the portal as comes first. */
  viewer(): Promise<Actor | undefined>;
  /** As whom documentation is read: a member sees drafts and private products before they are out; who is a developer too reads as one, except what only members see. */
  reader(): Promise<Actor | undefined>;
  /** As whom everything is looked through, as search does: a member sees all, unless they look at the portal as somebody else. */
  searcher(): Promise<Actor | undefined>;
  /** Sends strangers to the sign-in page and back. */
  developer(): Promise<DeveloperActor>;
  member(): Promise<MemberActor>;
  /** What the signed-in member's role may change; for pages that show a button only to who may press it. */
  rights(): Promise<Right[]>;
}

/** What a page shows of a refusal. */
export interface Problem {
  code: ErrorCode;
  /** What the catalogue says of the code: pages do not carry the catalogue themselves. */
  title: string;
  status: number;
  mend: readonly string[];
  detail: string;
  errors: ErrorPlace[];
  requestId: string;
  /** What the form held, so that nothing is typed twice. Never passwords or documents. */
  values?: Record<string, string>;
}

/** A loader: refusals become error pages with their status. */
export function load<Result>(read: (page: Page) => Promise<Result>): (args: LoaderFunctionArgs) => Promise<Result> {
  return async (args) => {
    const page = pageOf(args);
    try {
      return await read(page);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const { problem, status } = problemOf(error, page.web);
      throw data(problem, { status });
    }
  };
}

/** An action: refusals come back to the form as `problem`, with their status. */
export function act<Result>(write: (page: Page & { form: FormData }) => Promise<Result>) {
  return async (args: ActionFunctionArgs) => {
    const page = pageOf(args);
    const form = await args.request.formData();
    try {
      return await write({ ...page, form });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const { problem, status } = problemOf(error, page.web);
      return data({ problem: { ...problem, values: valuesOf(form) } }, { status });
    }
  };
}

function valuesOf(form: FormData): Record<string, string> {
  return Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= 500 && !['password', 'current', 'token'].includes(entry[0])));
}

function problemOf(error: Error, web: WebContext): { problem: Problem; status: number } {
  if (isAppError(error)) {
    const { code, message, errors } = error;
    return { problem: problemWith(code, message, errors ?? [], web), status: errorCatalogue[code].status };
  }
  web.onFault(error, web.requestId);
  return { problem: problemWith('internal', errorCatalogue.internal.meaning, [], web), status: 500 };
}

function pageOf({ context, params, request, url }: LoaderFunctionArgs): Page {
  const web = context.get(webContext);
  const signIn = (): never => {
    throw redirect(`/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`);
  };
  const findDeveloper = async (): Promise<DeveloperActor | undefined> => {
    const person = await web.person();
    const viewed = await web.viewed();
    if (viewed) return viewed.actor;
    if (!person?.developer) return undefined;
    const { developerId, consumerId } = person.developer;
    return { kind: 'developer', developerId, consumerId, email: person.email, verified: person.verified };
  };
  /** Undefined while a member looks at the portal as somebody else: then they see what that account sees. */
  const findMember = async (): Promise<MemberActor | undefined> => {
    const person = await web.person();
    if (!person?.member || (await web.viewed())) return undefined;
    const { memberId, role } = person.member;
    return { kind: 'member', memberId, email: person.email, role: role satisfies Role };
  };
  return {
    request, url, params, web, services: web.services,
    viewer: findDeveloper,
    async reader() {
      const [developer, member] = await Promise.all([findDeveloper(), findMember()]);
      const slug = params['product'];
      if (!member || !developer) return developer ?? member;
      const visible = (await web.services.products.list(developer)).find((product) => product.slug === slug);
      const asDeveloper = slug === undefined || (visible && (params['version'] === undefined || visible.versions.some(({ name }) => name === params['version'])));
      return asDeveloper ? developer : member;
    },
    searcher: async () => (await findMember()) ?? findDeveloper(),
    async developer() {
      const developer = await findDeveloper();
      if (developer) return developer;
      throw (await web.person()) ? redirect('/own-account') : signIn();
    },
    async member() {
      const person = (await web.person()) ?? signIn();
      if (!person.member) throw refusal('role_forbids', `You are signed in as ${person.email}, who is not a member of this workspace. Ask an owner to invite you.`, web);
      return { kind: 'member', memberId: person.member.memberId, email: person.email, role: person.member.role satisfies Role };
    },
    rights: async () => (await web.person())?.member?.rights ?? [],
  };
}

/** With what the catalogue says of the code. */
export function problemWith(code: ErrorCode, detail: string, errors: ErrorPlace[], { requestId }: { requestId: string }): Problem {
  const { title, status, mend } = errorCatalogue[code];
  return { code, title, status, mend, detail, errors, requestId };
}

/** Throw it to answer with the error page of `code`. */
export function refusal(code: ErrorCode, detail: string, web: WebContext) {
  return data(problemWith(code, detail, [], web), { status: errorCatalogue[code].status });
}

/** The field's text without surrounding space; '' when it is absent. */
export function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
