import type { VersionSummary } from '../../control/services.ts';
import { Badge, type Tone } from './badge.tsx';

const tones: Record<VersionSummary['status'], Tone> = { draft: 'quiet', published: 'good', deprecated: 'notice', retired: 'bad' };

export function VersionStatus({ version }: { version: VersionSummary }) {
  return <Badge tone={tones[version.status]}>{version.status}</Badge>;
}
