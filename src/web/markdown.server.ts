import { Marked } from 'marked';

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escape(text),
    // Images would come from other hosts, which the content security policy forbids.
    image: ({ text }) => escape(text),
    link({ href, tokens }) {
      const inner = this.parser.parseInline(tokens);
      return /^(https?:|mailto:|\/|#)/i.test(href) ? `<a href="${escape(href)}">${inner}</a>` : inner;
    },
  },
});

/** HTML of a description from an OpenAPI document. Markup inside it is shown as text. */
export function renderMarkdown(text: string): string {
  return text.trim() === '' ? '' : marked.parse(text, { async: false });
}
