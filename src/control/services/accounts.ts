import type { Right } from '../rights.ts';
import type { Actor, Role } from './actor.ts';

/** The person behind a session, with each capacity that they have. */
export interface Person {
  userId: string;
  email: string;
  name: string;
  verified: boolean;
  /** `rights` names what the role may change; pages show a button only to who may press it. */
  member: { memberId: string; role: Role; rights: Right[] } | null;
  developer: { developerId: string; consumerId: string; consumerName: string; blocked: boolean } | null;
}

export interface Accounts {
  /** better-auth's own HTTP endpoints, mounted at /api/auth/*. */
  handle(request: Request): Promise<Response>;
  /** Undefined without a valid session cookie. */
  findPerson(headers: Headers): Promise<Person | undefined>;
  /** Each returns the response headers (Set-Cookie) that the page must pass on. They work from plain form posts. */
  signUp(input: { email: string; password: string; name?: string; next?: string }, request: Request): Promise<{ headers: Headers; person: Person }>;
  signIn(input: { email: string; password: string }, request: Request): Promise<{ headers: Headers }>;
  signOut(request: Request): Promise<{ headers: Headers }>;
  sendMagicLink(input: { email: string; next: string }, request: Request): Promise<void>;
  sendVerification(input: { email: string }, request: Request): Promise<void>;
  verifyEmail(input: { token: string }, request: Request): Promise<{ headers: Headers }>;
  consumeMagicLink(input: { token: string }, request: Request): Promise<{ headers: Headers }>;
  requestPasswordReset(input: { email: string }, request: Request): Promise<void>;
  resetPassword(input: { token: string; password: string }, request: Request): Promise<void>;
  /** For somebody who is signed in and belongs to no consumer: makes one of their own, subscribed as sign-up does. */
  startConsumer(userId: string): Promise<Person>;
  /** The one-time link that makes the first owner: valid until used. Undefined once an owner exists. */
  firstOwnerLink(): Promise<string | undefined>;
  acceptFirstOwner(input: { token: string; email: string; password: string; name?: string }, request: Request): Promise<{ headers: Headers }>;
  findInvitation(token: string): Promise<{ email: string; kind: 'member' | 'developer'; name: string; invitedBy: string } | undefined>;
  acceptInvitation(input: { token: string; password: string; name?: string }, request: Request): Promise<{ headers: Headers }>;
  listMembers(actor: Actor): Promise<{ id: string; email: string; name: string; role: Role; createdAt: number }[]>;
  inviteMember(actor: Actor, input: { email: string; role: Role }): Promise<{ link: string; expiresAt: number }>;
  setMemberRole(actor: Actor, input: { memberId: string; role: Role }): Promise<void>;
  removeMember(actor: Actor, input: { memberId: string }): Promise<void>;
  /** Invitations of members that are open, newest first; at most 200. */
  listInvitations(actor: Actor): Promise<{ id: string; email: string; role: Role; invitedBy: string; createdAt: number; expiresAt: number }[]>;
  /** A new link and a new letter; the earlier link stops working. */
  resendInvitation(actor: Actor, input: { invitationId: string }): Promise<{ email: string; link: string; expiresAt: number }>;
  /** What each role may change. */
  listRoles(actor: Actor): Promise<{ role: Role; rights: Right[] }[]>;
  /** Of whoever is signed in. */
  changeName(input: { name: string }, request: Request): Promise<void>;
  /** Of whoever is signed in; every other session of theirs ends. Answers the new session's cookies. */
  changePassword(input: { current: string; password: string }, request: Request): Promise<{ headers: Headers }>;
}
