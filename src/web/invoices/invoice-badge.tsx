import type { InvoiceSummary } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { Badge, type Tone } from '../ui/badge.tsx';

const words = texts.invoices;
const tones: Record<keyof typeof words.states, Tone> = { draft: 'quiet', finalised: 'notice', overdue: 'bad', paid: 'good', void: 'quiet', credited: 'accent' };

export function InvoiceBadge({ invoice: { state, kind, overdue } }: { invoice: Pick<InvoiceSummary, 'state' | 'kind' | 'overdue'> }) {
  const shown = kind === 'credit-note' ? 'credited' : overdue ? 'overdue' : state;
  return <Badge tone={tones[shown]}>{words.states[shown]}</Badge>;
}
