export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The theme that the reader chose; undefined follows the system. */
export function readTheme(request: Request): Theme | undefined {
  const chosen = /(?:^|;\s*)theme=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return themes.find((theme) => theme === chosen);
}
