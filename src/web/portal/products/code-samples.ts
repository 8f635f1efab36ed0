// One request as code in six languages, each as a person of that field would write it, with nothing but the standard library.
// Runs on the server and in the browser: what is typed into the try-it form becomes code at once.

export interface SampleCall {
  method: string;
  /** Absolute, with its query. */
  url: string;
  headers: Record<string, string>;
  body: string | null;
  /** Name of the file that is the body, in place of a text. */
  file?: string;
}

export interface LanguageSample { label: string; language: string; code: string }

const languages: { label: string; language: string; write: (call: SampleCall) => string }[] = [
  { label: 'curl', language: 'bash', write: curl },
  { label: 'TypeScript', language: 'typescript', write: typescript },
  { label: 'Python', language: 'python', write: python },
  { label: 'Go', language: 'go', write: go },
  { label: 'PHP', language: 'php', write: php },
  { label: 'Java', language: 'java', write: java },
];

export function codeSamples(call: SampleCall): LanguageSample[] {
  return languages.map(({ label, language, write }) => ({ label, language, code: write(call) }));
}

/** The request that a key makes of a sample. `baseUrl` is where calls start. */
export function sampleCall(baseUrl: string, { method, path, headers, body }: { method: string; path: string; headers: Record<string, string>; body: string | null }, key: string): SampleCall {
  return { method, url: baseUrl.replace(/\/$/, '') + path, headers: { Authorization: `Bearer ${key}`, ...headers }, body };
}

// ---------------------------------------------------------------- languages

function curl({ method, url, headers, body, file }: SampleCall): string {
  const verb = method === 'GET' && body === null && file === undefined ? '' : method === 'HEAD' ? '--head ' : `-X ${method} `;
  const globbing = /[[\]{}]/.test(url) ? '--globoff ' : '';
  const lines = [`curl ${globbing}${verb}${shell(url)}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${shell(value === '' ? `${name};` : `${name}: ${value}`)}`);
  // Only -d would read a file when the text begins with @.
  if (body !== null) lines.push(`${body.startsWith('@') ? '--data-raw' : '-d'} ${shell(body)}`);
  if (file !== undefined) lines.push(`--data-binary ${shell(`@${file}`)}`);
  return lines.join(' \\\n  ');
}

function typescript({ method, url, headers, body, file }: SampleCall): string {
  const options = [
    ...(method === 'GET' ? [] : [`  method: ${single(method)},`]),
    '  headers: {', ...Object.entries(headers).map(([name, value]) => `    ${/^[A-Za-z_]\w*$/.test(name) ? name : single(name)}: ${single(value)},`), '  },',
    ...(body === null ? [] : [`  body: ${isExactJson(body) ? `JSON.stringify(${indent(body, '  ')})` : single(body)},`]),
  ];
  if (file !== undefined) options.push(`  body: await openAsBlob(${single(file)}),`);
  return [...(file === undefined ? [] : ["import { openAsBlob } from 'node:fs';", '']), `const response = await fetch(${single(url)}, {`, ...options, '});', 'console.log(response.status, await response.text());'].join('\n');
}

function python({ method, url, headers, body, file }: SampleCall): string {
  const json = body !== null && isExactJson(body);
  return [
    ...(json ? ['import json'] : []), 'import urllib.request', '',
    'request = urllib.request.Request(', `    ${double(url)},`, `    method=${double(method)},`,
    '    headers={', ...Object.entries(headers).map(([name, value]) => `        ${double(name)}: ${double(value)},`), '    },',
    ...(file === undefined ? [] : [`    data=open(${double(file)}, "rb").read(),`]),
    ...(body === null ? [] : [`    data=${json ? `json.dumps(${indent(pythonJson(body), '    ')})` : double(body)}.encode(),`]),
    ')', 'with urllib.request.urlopen(request) as response:', '    print(response.status, response.read().decode())',
  ].join('\n');
}

function go({ method, url, headers, body, file }: SampleCall): string {
  const raw = body !== null && !/[`\r]/.test(body);
  return [
    'package main', '', 'import (', '\t"fmt"', '\t"io"', '\t"log"', '\t"net/http"', ...(file === undefined ? [] : ['\t"os"']), ...(body === null ? [] : ['\t"strings"']), ')', '', 'func main() {',
    ...(body === null ? [] : [`\tbody := strings.NewReader(${raw ? `\`${body}\`` : double(body)})`]),
    ...(file === undefined ? [] : [`\tbody, err := os.Open(${double(file)})`, '\tif err != nil {', '\t\tlog.Fatal(err)', '\t}']),
    `\trequest, err := http.NewRequest(${double(method)}, ${double(url)}, ${body === null && file === undefined ? 'nil' : 'body'})`,
    '\tif err != nil {', '\t\tlog.Fatal(err)', '\t}',
    ...Object.entries(headers).map(([name, value]) => `\trequest.Header.Set(${double(name)}, ${double(value)})`),
    '\tresponse, err := http.DefaultClient.Do(request)', '\tif err != nil {', '\t\tlog.Fatal(err)', '\t}', '\tdefer response.Body.Close()',
    '\tanswer, err := io.ReadAll(response.Body)', '\tif err != nil {', '\t\tlog.Fatal(err)', '\t}', '\tfmt.Println(response.StatusCode, string(answer))', '}',
  ].join('\n');
}

function php({ method, url, headers, body, file }: SampleCall): string {
  const heredoc = body !== null && body.includes('\n') && !/\r|^\s*BODY\b/m.test(body);
  return [
    '<?php', `$curl = curl_init(${phpText(url)});`, 'curl_setopt_array($curl, [', `    CURLOPT_CUSTOMREQUEST => ${phpText(method)},`, '    CURLOPT_RETURNTRANSFER => true,',
    '    CURLOPT_HTTPHEADER => [', ...Object.entries(headers).map(([name, value]) => `        ${phpText(`${name}: ${value}`)},`), '    ],',
    ...(file === undefined ? [] : [`    CURLOPT_POSTFIELDS => file_get_contents(${phpText(file)}),`]),
    ...(body === null ? [] : heredoc ? ["    CURLOPT_POSTFIELDS => <<<'BODY'", body, 'BODY,'] : [`    CURLOPT_POSTFIELDS => ${phpText(body)},`]),
    ']);', '$answer = curl_exec($curl);', "echo curl_getinfo($curl, CURLINFO_RESPONSE_CODE), ' ', $answer, PHP_EOL;",
  ].join('\n');
}

function java({ method, url, headers, body, file }: SampleCall): string {
  return [
    'import java.net.URI;', 'import java.net.http.HttpClient;', 'import java.net.http.HttpRequest;', 'import java.net.http.HttpResponse;', ...(file === undefined ? [] : ['import java.nio.file.Path;']), '', 'class Call {', '    public static void main(String[] args) throws Exception {',
    `        HttpRequest request = HttpRequest.newBuilder(URI.create(${double(encodeUnsafe(url))}))`,
    `            .method(${double(method)}, ${file !== undefined ? `HttpRequest.BodyPublishers.ofFile(Path.of(${double(file)}))` : body === null ? 'HttpRequest.BodyPublishers.noBody()' : `HttpRequest.BodyPublishers.ofString(${javaText(body)})`})`,
    ...Object.entries(headers).map(([name, value]) => `            .header(${double(name)}, ${double(value)})`),
    '            .build();', '        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());',
    '        System.out.println(response.statusCode() + " " + response.body());', '    }', '}',
  ].join('\n');
}

// ---------------------------------------------------------------- literals

/** POSIX shells take everything between single quotes as it is; a carriage return survives copying only when it is written out. */
function shell(text: string): string {
  if (text.includes('\r')) return `$'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\r', '\\r').replaceAll('\n', '\\n')}'`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** JSON's escapes mean the same in JavaScript, Python, Go and Java, as far as stringify writes them. */
function double(text: string): string {
  return JSON.stringify(text);
}

function single(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function phpText(text: string): string {
  if (/[\r\n]/.test(text)) return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '\\$').replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`;
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A text block where it holds the text exactly: it would drop spaces at the ends of lines. */
function javaText(text: string): string {
  if (!text.includes('\n') || /[ \t]$|\r/m.test(text)) return double(text);
  const inside = text.replaceAll('\\', '\\\\').replaceAll('"""', '\\"""');
  return `"""\n${inside.split('\n').map((line) => `                ${line}`).join('\n')}"""`;
}

/** java.net.URI takes no character that RFC 3986 does not. */
function encodeUnsafe(url: string): string {
  return url.replaceAll(/[^\w\-.~:/?#[\]@!$&'()*+,;=%]/gu, encodeURIComponent);
}

/** JSON that comes out of a language's own value as it went in: no number that a float would round, no name that means something else. */
function isExactJson(text: string): boolean {
  if (/\d{16}|\.\d*0\b|\d[eE]|"__proto__"/.test(text)) return false;
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

const pythonWords: Record<string, string> = { true: 'True', false: 'False', null: 'None' };

function pythonJson(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|true|false|null/g, (token) => pythonWords[token] ?? double(JSON.parse(token) as string));
}

function indent(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`);
}
