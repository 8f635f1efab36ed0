export interface FoundRequest { /** After `request` on the first line. */ words: string[]; text: string; /** 1-based, of the fence. */ line: number }

/** The `request` fences of a Markdown text, those in callouts and tabs too. */
export function findRequestBlocks(markdown: string): FoundRequest[] {
  const found: FoundRequest[] = [];
  let fence: { mark: string; quoted: boolean; lines: string[] | undefined } | undefined;
  for (const [index, whole] of markdown.split(/\r?\n/).entries()) {
    const quote = /^( {0,3}> ?)+/.exec(whole)?.[0] ?? '';
    if (fence?.quoted && quote === '') fence = undefined;
    const line = fence && !fence.quoted ? whole : whole.slice(quote.length);
    if (fence) {
      const closing = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
      if (closing?.startsWith(fence.mark)) fence = undefined;
      else if (fence.lines) {
        fence.lines.push(line);
        found.at(-1)!.text = fence.lines.join('\n');
      }
      continue;
    }
    const [, mark, info] = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$/.exec(line) ?? [];
    if (mark === undefined) continue;
    const [language, ...words] = info!.trim().split(/\s+/);
    fence = { mark, quoted: quote !== '', lines: language === 'request' ? [] : undefined };
    if (language === 'request') found.push({ words, text: '', line: index + 1 });
  }
  return found;
}
