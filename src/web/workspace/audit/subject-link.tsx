import { texts } from '../../texts.ts';
import { TextLink } from '../../ui/text-link.tsx';

const pages: Record<string, (subject: string) => string> = {
  consumer: (subject) => `/workspace/consumers/${subject}`,
  product: (subject) => `/workspace/products/${subject}`,
  version: (subject) => `/workspace/products/${subject}`,
  plan: (subject) => `/workspace/products/${subject}`,
  member: () => '/workspace/members',
  invitation: () => '/workspace/members',
  portal: () => '/workspace/settings',
};

/** Where the thing stands now, and everything else that happened to it. */
export function SubjectLink({ noun, subject, name }: { noun: string; subject: string | null; name: string }) {
  const page = pages[noun];
  if (subject === null) return null;
  return (
    <p className="flex flex-wrap gap-x-4 text-sm">
      {page && <TextLink to={page(encodeURIComponent(subject))}>{texts.workspaceAudit.open(name)}</TextLink>}
      <TextLink to={`/workspace/audit?${new URLSearchParams({ subject })}`}>{texts.workspaceAudit.sameSubject}</TextLink>
    </p>
  );
}
