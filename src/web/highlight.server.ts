// Code with classes for its colours, made on the server so that no page loads a highlighter.
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import go from 'highlight.js/lib/languages/go';
import http from 'highlight.js/lib/languages/http';
import java from 'highlight.js/lib/languages/java';
import json from 'highlight.js/lib/languages/json';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';

const languages = { bash, go, http, java, json, php, python, typescript, yaml };
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

const names: Record<string, keyof typeof languages> = { ...(Object.fromEntries(Object.keys(languages).map((name) => [name, name])) as Record<string, keyof typeof languages>), curl: 'bash', sh: 'bash', shell: 'bash', ts: 'typescript', js: 'typescript', javascript: 'typescript', py: 'python', golang: 'go', yml: 'yaml' };
const highlightedMax = 60_000;

/** Escaped HTML of `code` with `hljs-*` classes; only escaped where the language is unknown or the code is long. */
export function highlight(code: string, language: string): string {
  const asked = language.toLowerCase();
  const name = Object.hasOwn(names, asked) ? names[asked] : undefined;
  return name === undefined || code.length > highlightedMax ? escapeHtml(code) : hljs.highlight(code, { language: name, ignoreIllegals: true }).value;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
