import type { Role } from '../services.ts';
import type { Message } from './smtp.ts';

interface Letter { to: string; subject: string; lines: string[]; link: string; button: string; after: string[] }

/** `portal` is its name, as in portico.yaml. Times are ms UTC. */
export const messages = {
  verifyEmail: (input: { to: string; portal: string; link: string }): Message => letter(input.portal, {
    to: input.to, subject: `Confirm your address for ${input.portal}`, link: input.link, button: 'Confirm address',
    lines: [`You signed up at ${input.portal} with this address. Confirm it and the daily cap on your keys is lifted.`],
    after: ['The link works for 24 hours.', 'If you did not sign up, do nothing: nobody can confirm the address without this link.'],
  }),
  signIn: (input: { to: string; portal: string; link: string }): Message => letter(input.portal, {
    to: input.to, subject: `Your sign-in link for ${input.portal}`, link: input.link, button: 'Sign in',
    lines: [`Use this link to sign in at ${input.portal}.`],
    after: ['The link works once, within 15 minutes.', 'If you did not ask for it, do nothing: nobody was signed in.'],
  }),
  resetPassword: (input: { to: string; portal: string; link: string }): Message => letter(input.portal, {
    to: input.to, subject: `Set a new password for ${input.portal}`, link: input.link, button: 'Set a new password',
    lines: [`Use this link to set a new password at ${input.portal}. Everyone signed in with the old one is signed out then.`],
    after: ['The link works once, within an hour.', 'If you did not ask for it, do nothing: your password stays as it is.'],
  }),
  inviteDeveloper: (input: { to: string; portal: string; link: string; invitedBy: string; consumer: string; expiresAt: number }): Message => letter(input.portal, {
    to: input.to, subject: `${input.invitedBy} invited you to ${input.consumer} at ${input.portal}`, link: input.link, button: 'Accept the invitation',
    lines: [`${input.invitedBy} invited you to work with the APIs of ${input.portal} as a developer of ${input.consumer}. You will see its keys, usage and requests.`],
    after: [`The invitation ends on ${utc(input.expiresAt)}.`, 'If you do not know the sender, do nothing.'],
  }),
  inviteMember: (input: { to: string; portal: string; link: string; invitedBy: string; role: Role; expiresAt: number }): Message => letter(input.portal, {
    to: input.to, subject: `${input.invitedBy} invited you to the workspace of ${input.portal}`, link: input.link, button: 'Accept the invitation',
    lines: [`${input.invitedBy} invited you to the workspace of ${input.portal}. Your role will be ${input.role}.`],
    after: [`The invitation ends on ${utc(input.expiresAt)}.`, 'If you do not know the sender, do nothing.'],
  }),
  notice: (input: { to: string; portal: string; title: string; text: string; link: string; settings: string }): Message => letter(input.portal, {
    to: input.to, subject: `${input.title} (${input.portal})`, link: input.link, button: 'Open the dashboard',
    lines: [`${input.title}.`, input.text],
    after: [`To stop these mails, switch them off at ${input.settings}.`],
  }),
  planRequested: (input: { to: string; portal: string; link: string; consumer: string; product: string; plan: string; present: string | null }): Message => letter(input.portal, {
    to: input.to, subject: `${input.consumer} asks for ${input.plan} of ${input.product}`, link: input.link, button: 'Decide',
    lines: [`${input.consumer} asks for the plan ${input.plan} of ${input.product}. ${input.present === null ? 'Its calls are refused until you decide.' : `${input.present} serves its calls until you decide.`}`],
    after: ['You get this mail because your role may decide on plans.'],
  }),
  test: (input: { to: string; portal: string; link: string }): Message => letter(input.portal, {
    to: input.to, subject: `A test of the mail of ${input.portal}`, link: input.link, button: 'Open the settings',
    lines: [`${input.portal} can send mail: this letter reached you.`],
    after: ['You asked for it on the settings page of the workspace.'],
  }),
  inviteToProduct: (input: { to: string; portal: string; link: string; signUp: string; invitedBy: string; product: string }): Message => letter(input.portal, {
    to: input.to, subject: `${input.product} at ${input.portal} is open to you`, link: input.link, button: `See ${input.product}`,
    lines: [`${input.invitedBy} invited you to ${input.product}, an API that ${input.portal} shows to invited people only. Sign in with this address, or sign up with it at ${input.signUp} and confirm it: then you see its documentation and plans.`],
    after: ['The invitation is for this address alone.', 'If you do not know the sender, do nothing.'],
  }),
} as const;

function letter(portal: string, { to, subject, lines, link, button, after }: Letter): Message {
  const paragraph = (text: string): string => `<p style="margin:0 0 16px">${escaped(text)}</p>`;
  return {
    to,
    subject: oneLine(subject),
    text: [...lines, link, ...after, portal].join('\n\n'),
    html: `<!doctype html><html lang="en"><body style="margin:0;padding:32px 24px;font:16px/1.5 system-ui,sans-serif;color:#1c1a17;background:#fbfaf7"><div style="max-width:560px">${lines.map(paragraph).join('')}<p style="margin:0 0 16px"><a href="${escaped(link)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1c1a17;color:#fbfaf7;text-decoration:none">${escaped(button)}</a></p>${after.map(paragraph).join('')}<p style="margin:24px 0 0;color:#6b675f">${escaped(portal)}</p></div></body></html>`,
  };
}

/** `22 Nov 2026, 14:03 UTC` */
export function utc(ms: number): string {
  return `${new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(ms)} UTC`;
}

/** Names come from strangers: no line break may begin another header field. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character]!);
