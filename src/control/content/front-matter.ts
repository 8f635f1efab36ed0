import { isAppError, type ErrorPlace } from '../../errors.ts';
import { readYaml } from '../configuration/yaml.ts';

export interface ArticleText { title: string; description: string; /** Without the front matter. */ body: string }

const opened = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m;
const known = ['title', 'description'];

/** The title of an article is that of its front matter, else its first heading; '' when it has neither. */
export function readArticleText(file: string, markdown: string): ArticleText & { problems: ErrorPlace[] } {
  const text = markdown.replace(/^\uFEFF/, '');
  const matter = text.startsWith('---') ? opened.exec(text) : null;
  const body = matter?.index === 0 ? text.slice(matter[0].length) : text;
  const { fields, problems } = matter?.index === 0 ? readFields(file, matter[1]!) : { fields: {}, problems: [] };
  return { title: fields['title'] ?? firstHeading(body) ?? '', description: fields['description'] ?? '', body, problems };
}

function readFields(file: string, matter: string): { fields: Record<string, string>; problems: ErrorPlace[] } {
  try {
    // The opening line counts, so that places are those of the file.
    const yaml = readYaml(file, `\n${matter}`);
    if (yaml.value === null) return { fields: {}, problems: [] };
    const place = (pointer: string, detail: string): ErrorPlace => ({ file, ...yaml.locate(pointer, 'key'), detail });
    if (typeof yaml.value !== 'object' || Array.isArray(yaml.value)) return { fields: {}, problems: [place('', 'Front matter is a map: write `title:` and `description:`.')] };
    const entries = Object.entries(yaml.value);
    const problems = entries.flatMap(([key, value]) => {
      if (!known.includes(key)) return [place(`/${key}`, `Front matter has no key \`${key}\`. Known keys: \`title\`, \`description\`.`)];
      return typeof value === 'string' && value.trim() !== '' && value.length <= 300 ? [] : [place(`/${key}`, `Write text of 1 to 300 characters as \`${key}\`; what looks like a number needs quotes.`)];
    });
    return { fields: Object.fromEntries(entries) as Record<string, string>, problems };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { fields: {}, problems: error.errors };
  }
}

/** Outside fences; its marks are taken away. */
function firstHeading(body: string): string | undefined {
  let fence: string | undefined;
  for (const line of body.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark) fence = fence === undefined ? mark[0] : mark.startsWith(fence) ? undefined : fence;
    const heading = fence === undefined ? /^ {0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$/.exec(line)?.[1] : undefined;
    if (heading) return heading.replaceAll(/[`*_]/g, '').trim().slice(0, 200) || undefined;
  }
  return undefined;
}
