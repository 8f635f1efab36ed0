/** Addresses of the pages that take a mailed token. The page posts it: mail scanners open links, but press no buttons. */
export const accountLinks = {
  verifyEmail: (webUrl: string, token: string, next: string): string => `${webUrl}/verify-email?${new URLSearchParams({ token, next })}`,
  magicLink: (webUrl: string, token: string, next: string): string => `${webUrl}/magic-link?${new URLSearchParams({ token, next })}`,
  resetPassword: (webUrl: string, token: string): string => `${webUrl}/reset-password?${new URLSearchParams({ token })}`,
  invitation: (webUrl: string, token: string): string => `${webUrl}/invitation?${new URLSearchParams({ token })}`,
  firstOwner: (webUrl: string, token: string): string => `${webUrl}/workspace/first-owner?${new URLSearchParams({ token })}`,
} as const;
