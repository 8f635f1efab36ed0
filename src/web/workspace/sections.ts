import type { Right } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { Activity, BookOpen, ClipboardCheck, CreditCard, History, LayoutDashboard, Package, Server, Settings, SlidersHorizontal, TrendingUp, UserRound, Users } from '../ui/icon.ts';

export interface WorkspaceSection {
  to: string;
  text: string;
  icon: typeof Activity;
  /** Shown only to those whose role has it. */
  right?: Right;
  end?: boolean;
  /** Further addresses that are part of it. */
  also?: string[];
}

/** The pages of the workspace, in groups, as its navigation lists them. */
export const workspaceSections: WorkspaceSection[][] = [
  [
    { to: '/workspace', text: texts.layout.overview, icon: LayoutDashboard, end: true },
    { to: '/workspace/products', text: texts.layout.products, icon: Package },
    { to: '/workspace/approvals', text: texts.workspacePlans.approvals, icon: ClipboardCheck },
    { to: '/workspace/consumers', text: texts.layout.consumers, icon: Users },
    { to: '/workspace/invoices', text: texts.invoices.title, icon: CreditCard, also: ['/workspace/billing', '/workspace/payments', '/workspace/reconciliation', '/workspace/coupons'] },
    { to: '/workspace/revenue', text: texts.revenue.title, icon: TrendingUp },
    { to: '/workspace/simulator', text: texts.layout.simulator, icon: SlidersHorizontal },
    { to: '/workspace/documentation', text: texts.documentationRuns.title, icon: BookOpen },
    { to: '/workspace/requests', text: texts.layout.requests, icon: Activity },
  ],
  [
    { to: '/workspace/members', text: texts.layout.members, icon: UserRound },
    { to: '/workspace/audit', text: texts.workspaceAudit.title, icon: History, right: 'audit.read' },
    { to: '/workspace/settings', text: texts.workspaceSettings.title, icon: Settings },
    { to: '/workspace/system', text: texts.layout.system, icon: Server },
  ],
];
