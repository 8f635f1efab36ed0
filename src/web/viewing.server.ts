// The cookie of a member who looks at the portal as a consumer does. Its token is signed and bound to the member; control judges it.
const name = 'portico_view';

export function readViewing(request: Request): string | undefined {
  return /(?:^|;\s*)portico_view=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
}

export function viewingCookie(token: string, maxAgeSeconds: number, secure: boolean): string {
  return `${name}=${token}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

export const clearViewing = `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;
