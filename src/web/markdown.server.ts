import { Marked } from 'marked';

export const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** http, https and mailto addresses, paths of this site and anchors. */
export function isSafeLink(href: string): boolean {
  return /^(https?:\/\/|mailto:|\/(?![/\\])|#)/i.test(href);
}

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    // Images would come from other hosts, which the content security policy forbids.
    image: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const inner = this.parser.parseInline(tokens);
      return isSafeLink(href) ? `<a href="${escapeHtml(href)}">${inner}</a>` : inner;
    },
  },
});

/** HTML of a description from an OpenAPI document. Markup inside it is shown as text. */
export function renderMarkdown(text: string): string {
  return text.trim() === '' ? '' : marked.parse(text, { async: false });
}
