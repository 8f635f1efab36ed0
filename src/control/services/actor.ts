export type Role = 'owner' | 'product-manager' | 'engineer' | 'support' | 'viewer';

/** Who acts. A person may be member and developer at once; each call names in which capacity. */
export type Actor =
  | { kind: 'admin-token' }
  | { kind: 'system' }
  | { kind: 'member'; memberId: string; email: string; role: Role }
  | { kind: 'developer'; developerId: string; consumerId: string; email: string; verified: boolean; /** The member who looks at the portal as this developer: reads, changes nothing. */ viewedBy?: string };
