import { Form } from 'react-router';
import type { ConsumerSummary } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { useMay } from '../use-may.ts';

const words = texts.workspaceConsumers;

/** Its name, its state, and what may be done with the whole of it. */
export function ConsumerHeading({ consumer, activeKeys }: { consumer: ConsumerSummary; activeKeys: number }) {
  const mayChange = useMay('consumers.change');
  const mayView = useMay('consumers.view-as');
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <h1 className="flex flex-wrap items-center gap-2 text-2xl break-all">{consumer.name}{consumer.blockedAt !== null && <Badge tone="bad">{words.badges.blocked}</Badge>}{!consumer.verified && <Badge tone="notice">{words.badges.unverified}</Badge>}</h1>
      <div className="flex flex-wrap gap-2">
        {mayView && <Form method="post" action={`/workspace/consumers/${consumer.id}/view`}><Submit kind="plain" doing={words.viewing}>{words.viewAs}</Submit></Form>}
        {mayChange && (
          <Dialog trigger={words.renameTitle} title={words.renameTitle}>
            <Form method="post" className="space-y-4"><FormField label={words.inviteName} name="name" required maxLength={100} defaultValue={consumer.name} /><Submit doing={words.saving} name="intent" value="rename">{words.renameDo}</Submit></Form>
          </Dialog>
        )}
        {mayChange && (consumer.blockedAt === null ? (
          <Confirm verb={words.block} title={words.blockTitle(consumer.name)}>
            <Form method="post" className="space-y-4"><p>{words.blockLoss(consumer.name, activeKeys)}</p><Submit kind="danger" doing={words.blocking} name="intent" value="block">{words.blockDo}</Submit></Form>
          </Confirm>
        ) : <Form method="post"><Submit kind="plain" doing={words.unblocking} name="intent" value="unblock">{words.unblock}</Submit></Form>)}
      </div>
    </div>
  );
}
