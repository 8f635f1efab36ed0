/** HTML made by renderMarkdown. */
export function Prose({ html, small }: { html: string; small?: boolean }) {
  return html === '' ? null : <div className={`prose-text ${small ? 'prose-small' : ''}`} dangerouslySetInnerHTML={{ __html: html }} />;
}
