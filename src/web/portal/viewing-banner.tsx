import { Form } from 'react-router';
import { texts } from '../texts.ts';
import { Submit } from '../ui/button.tsx';
import { Eye } from '../ui/icon.ts';
import { Time } from '../ui/time.tsx';

const words = texts.workspaceConsumers;

export interface ViewedConsumer { id: string; name: string; expiresAt: number }

/** Below every page of the portal while a member looks at it as a consumer does. */
export function ViewingBanner({ viewed }: { viewed: ViewedConsumer }) {
  return (
    <aside aria-label={words.viewAs} className="sticky bottom-0 z-30 border-t-2 border-notice bg-notice-soft">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-2">
        <p className="flex items-start gap-2"><Eye className="mt-0.5 size-4 shrink-0" aria-hidden="true" /><span><strong className="font-semibold">{words.viewBanner(viewed.name)}</strong> <span className="text-sm">{words.viewUntil} <Time ms={viewed.expiresAt} />.</span></span></p>
        <Form method="post" action="/leave-view"><input type="hidden" name="consumer" value={viewed.id} /><Submit kind="plain" doing={words.leave}>{words.leave}</Submit></Form>
      </div>
    </aside>
  );
}
