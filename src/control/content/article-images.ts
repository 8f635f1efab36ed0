/** Images of a Markdown text that are files beside it: paths as written, each once, with its first line. Code is no image. Parts are bounded, so that no text takes long. */
export function findImages(markdown: string): { path: string; line: number }[] {
  const found = new Map<string, number>();
  let fence: string | undefined;
  for (const [index, line] of markdown.split(/\r?\n/).entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark) fence = fence === undefined ? mark : mark.startsWith(fence) ? undefined : fence;
    if (fence !== undefined || mark) continue;
    for (const [, path] of line.replaceAll(/`[^`]*`/g, '').matchAll(/!\[[^\]]{0,1000}\]\(<?([^)\s>]{1,1000})>?(?:\s{1,9}"[^"]{0,1000}")?\)/g)) {
      if (!/^([a-z][a-z0-9+.-]*:|\/|#)/i.test(path!) && !found.has(path!)) found.set(path!, index + 1);
    }
  }
  return [...found].map(([path, line]) => ({ path, line }));
}
