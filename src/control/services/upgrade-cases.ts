import type { Actor } from './actor.ts';
import type { BillEstimate } from './subscriptions.ts';

export interface UpgradeCase { id: string; subscriptionId: string; createdBy: string; createdAt: number; expiresAt: number; message: string; state: 'open' | 'approved' | 'revoked' | 'over'; /** Whoever pressed the button, as they named themselves. */ approvedBy: string | null; approvedAt: number | null }

/** What whoever decides sees: of one subscription, and nothing of anybody else. */
export interface UpgradeCasePage {
  state: 'open' | 'approved'; createdBy: string; createdAt: number; expiresAt: number; message: string; approvedBy: string | null; approvedAt: number | null;
  consumerName: string; productSlug: string; productName: string; planName: string;
  /** Live calls that count from this moment until now. */
  since: number; calls: string; /** Share of them that succeeded, 0 to 1; null without calls. */ successShare: number | null;
  /** Operations that were called, most called first. At most 20. */
  operations: { id: string; title: string; method: string | null; path: string | null; calls: string }[];
  operationCount: number;
  /** A whole period on each plan, with usage at the pace of these days. */
  plans: { slug: string; name: string; present: boolean; /** Whether the page can begin it. */ choice: 'upgrade' | 'approval' | 'none'; interval: 'month' | 'year'; bill: BillEstimate }[];
  scheduledPlan: string | null;
}

export interface UpgradeCases {
  /** A page for whoever decides, with a link that is shown once. It ends after 30 days. */
  create(actor: Actor, input: { subscriptionId: string; message?: string | undefined }): Promise<{ upgradeCase: UpgradeCase; link: string }>;
  /** Newest first. At most 50. */
  list(actor: Actor, input: { subscriptionId: string }): Promise<UpgradeCase[]>;
  revoke(actor: Actor, input: { caseId: string }): Promise<void>;
  /** For everybody who has the link. Undefined when it is unknown, revoked or over. */
  findPage(input: { token: string }): Promise<UpgradeCasePage | undefined>;
  /** For everybody who has the link, once: names themselves by an e-mail address and moves the subscription to a plan. */
  approve(input: { token: string; planSlug: string; email: string }): Promise<{ planName: string; effectiveAt: number; now: boolean }>;
}
