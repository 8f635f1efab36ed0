import type { Problem } from '../page.server.ts';
import { texts } from '../texts.ts';
import { Notice } from './notice.tsx';
import { TextLink } from './text-link.tsx';

/** A refusal above its form: what happened, why, and which places to mend that have no field of their own. */
export function ProblemNotice({ problem, fields = [], title }: { problem: Problem | undefined; fields?: string[]; title?: string }) {
  if (!problem) return null;
  const places = problem.errors.filter((place) => place.detail !== problem.detail && !fields.some((field) => place.pointer === `/${field}`));
  return (
    <Notice tone="bad" title={title ?? problem.title} role="alert">
      <p>{problem.detail}</p>
      {places.length > 0 && (
        <ul className="list-disc pl-5">
          {places.map((place, index) => (
            <li key={index}>{placeName(place)}{place.detail}</li>
          ))}
        </ul>
      )}
      {problem.code === 'internal' && <p className="text-muted">{texts.ui.request} <code>{problem.requestId}</code>. <TextLink to="/errors/internal">{texts.ui.whatThisMeans}</TextLink></p>}
    </Notice>
  );
}

function placeName({ file, line, column, pointer }: Problem['errors'][number]): string {
  if (file !== undefined) return `${[file, line, column].filter((part) => part !== undefined).join(':')} `;
  return pointer ? `${pointer} ` : '';
}
