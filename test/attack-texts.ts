// Texts that would run a script where a page took them for markup: each sets `attacked` to its name and place.

/** Markup by what it tries. `RUN` becomes the script. */
const markup: [string, string][] = [
  ['a script element', '<script>RUN</script>'],
  ['a script in capitals with a slash', '<SCRIPT/x>RUN</SCRIPT>'],
  ['an image that fails', '<img src=x onerror="RUN">'],
  ['an image that fails, unclosed', '<img src=x onerror=RUN //'],
  ['an svg that loads', '<svg onload="RUN"></svg>'],
  ['an svg with an animation', '<svg><animate onbegin="RUN" attributeName=x dur=1s></svg>'],
  ['an svg with a link', '<svg><a xlink:href="javascript:RUN"><text y=20>open svg</text></a></svg>'],
  ['a frame with a document', '<iframe srcdoc="<script>parent.RUN</script>"></iframe>'],
  ['a frame of a script', '<iframe src="javascript:parent.RUN"></iframe>'],
  ['an object of data', '<object data="data:text/html,<script>RUN</script>"></object>'],
  ['a details that opens', '<details open ontoggle="RUN">x</details>'],
  ['an input that takes the focus', '<input autofocus onfocus="RUN">'],
  ['a video without source', '<video><source onerror="RUN"></video>'],
  ['a style with an expression', '<div style="width:expression(RUN);background:url(javascript:RUN)">x</div>'],
  ['a base address', '<base href="//evil.example/">'],
  ['a refresh', '<meta http-equiv="refresh" content="0;url=javascript:RUN">'],
  ['a form with an action', '<form action="javascript:RUN"><button formaction="javascript:RUN">open form</button></form>'],
  ['a mutation through noscript', '<noscript><p title="</noscript><img src=x onerror=\'RUN\'>"></noscript>'],
  ['a mutation through math', '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=\'RUN\'&gt;">'],
  ['a mutation through svg style', '<svg></p><style><a id="</style><img src=1 onerror=\'RUN\'>">'],
  ['a template', '<template><img src=x onerror="RUN"></template>{{constructor.constructor("RUN")()}}${RUN}'],
  ['the end of a script', '</script><script>RUN</script>'],
  ['the end of a comment', '--><!--><img src=x onerror="RUN">'],
  ['separators of lines', '\u2028RUN\u2029</title></textarea></style><img src=x onerror="RUN">'],
  ['code that ends', '```js"><img src=x onerror="RUN">\n</code></pre><script>RUN</script>\n```'],
  ['a language that is markup', '```"onmouseover="RUN" x="\nx\n```'],
  ['a heading that is markup', '## <img src=x onerror="RUN"> {#"onclick="RUN}'],
  ['a table that is markup', '| <svg onload="RUN"> |\n|---|\n| <img src=x onerror="RUN"> |'],
];

/** Addresses by what they try; `javascript:` in every spelling that a browser or a parser might read. */
export const links: [string, string][] = [
  ['open plain', 'javascript:window.attacked=`plain`'], ['open capitals', 'JaVaScRiPt:window.attacked=`capitals`'], ['open entity', 'javascript&#58;window.attacked=`entity`'], ['open named entity', 'javascript&colon;window.attacked=`named`'],
  ['open tab', 'java&Tab;script:window.attacked=`tab`'], ['open newline', 'java&NewLine;script:window.attacked=`newline`'], ['open control', '\u0001javascript:window.attacked=`control`'], ['open entity letters', '&#106;avascript:window.attacked=`letters`'],
  ['open hex', '&#x6A&#x61vascript:window.attacked=`hex`'], ['open data', 'data:text/html,<script>opener.attacked=`data`</script>'], ['open base64', 'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='], ['open vbscript', 'vbscript:attacked'],
  ['open file', 'file:///etc/passwd'], ['open blob', 'blob:null/attacked'], ['open view-source', 'view-source:javascript:attacked'], ['open other host', '//evil.example/x'], ['open backslashes', '/\\evil.example/x'],
];

/** A text of many lines, in Markdown, that tries everything. `place` tells whose it is. */
export function long(place: string): string {
  const run = (name: string): string => `window.attacked='${name} in ${place}'`;
  return [
    `attack in ${place}`,
    ...markup.map(([name, text]) => text.replaceAll('RUN', run(name))),
    ...links.flatMap(([label, address]) => [`[${label}](${address})`, `[${label}](<${address}> "title\\" onclick=\\"${run(label)}")`, `<a href="${address}">${label}</a>`, `<${address}>`, `[${label}][ref-${label.replaceAll(' ', '-')}]\n\n[ref-${label.replaceAll(' ', '-')}]: ${address}`]),
    `![open image](javascript:${run('an image of a script')})`, `![x" onerror="${run('the text of an image')}](https://evil.example/x.png)`, `[![x](https://evil.example/x.png)](javascript:${run('an image in a link')})`, `http://example.com/"onmouseover="${run('an address that ends')}"`,
    '> [!NOTE]\n> <img src=x onerror="window.attacked=\'a callout\'">', `\`\`\`request echo v1 getThings\n${JSON.stringify({ [short('parameter name')]: "</script><script>window.attacked='a request block'</script>" })}\n\`\`\``,
  ].join('\n\n');
}

/** A text of one line for a name. */
export function short(place: string): string {
  return `${place}"'><img src=x onerror=attacked=1></script><svg/onload=attacked=1>`;
}

export const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10" onload="window.attacked='logo'"><script>window.attacked='logo script'; top.attacked='logo script'</script><rect width="10" height="10"/><foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="window.attacked='logo body'"/></foreignObject></svg>`;

const schemaName = 'Thing';
const docs = (place: string) => ({ url: `javascript:window.attacked='${place}'`, description: short(place) });
const text = (place: string, value: unknown) => ({ type: 'string', title: short(`${place} title`), description: long(place), enum: [value, '</script><script>window.attacked="enum"</script>'], default: short(`${place} default`), pattern: '^<img src=x onerror=attacked=1>', example: short(`${place} example`) });
const example = { '</script><script>attacked=1</script>': short('example'), '<!--': '<script>', nested: [`]]>${short('example in a list')}`] };
const responses = {
  200: {
    description: long('response'), headers: { 'X-Thing': { description: long('header'), schema: text('header value', short('header enum')) } },
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${schemaName}` }, example } }, links: {},
  },
};

export const attackedDocument = {
  openapi: '3.1.0',
  info: { title: short('document title'), version: '1.0.0', description: long('document'), termsOfService: "javascript:window.attacked='terms'", contact: { name: short('contact'), url: "javascript:window.attacked='contact'", email: 'x@example.com' }, license: { name: short('license'), url: "javascript:window.attacked='license'" } },
  externalDocs: docs('external docs'),
  servers: [{ url: "javascript:window.attacked='server'//", description: long('server') }],
  tags: [{ name: short('tag'), description: long('tag'), externalDocs: docs('docs of a tag') }],
  paths: {
    '/things': {
      description: long('path item'),
      get: {
        operationId: 'getThings', summary: short('summary'), description: long('operation'), tags: [short('tag')], externalDocs: docs('docs of an operation'),
        parameters: [{ name: 'kind', in: 'query', description: long('parameter'), schema: text('parameter value', short('choice')) }, { name: `x-${'thing'}`, in: 'header', description: long('header parameter'), schema: text('header parameter value', 'a') }, { name: short('parameter name'), in: 'query', schema: { type: 'string' } }],
        responses,
      },
      post: { operationId: short('operation id'), summary: short('second summary'), tags: [short('tag')], requestBody: { description: long('body'), content: { 'application/json': { schema: { $ref: `#/components/schemas/${schemaName}` }, example } } }, responses },
    },
  },
  components: {
    schemas: {
      [schemaName]: {
        title: short('schema title'), description: long('schema'), type: 'object', required: [short('property name')], externalDocs: docs('docs of a schema'),
        properties: { [short('property name')]: text('property', short('property enum')), __proto__name: { const: short('const') }, either: { oneOf: [{ title: short('branch'), type: 'string', description: long('branch') }, { type: 'object', properties: { deep: text('deep property', 'x') } }], discriminator: { propertyName: short('discriminator') } } },
      },
    },
  },
};
