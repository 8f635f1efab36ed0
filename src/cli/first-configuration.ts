/** `Pet Store API (v2)` to `pet-store`: words like API and version numbers say nothing in an address. */
export function slugOf(title: string): string {
  const words = title.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '');
  const telling = words.filter((word) => !['api', 'rest', 'http', 'openapi', 'swagger', 'the', 'specification'].includes(word) && !/^v?\d+$/.test(word));
  return (telling.length > 0 ? telling : words).join('-').slice(0, 40).replace(/-+$/, '') || 'api';
}

/** `info.version` 2.3.1 makes `v2`; what has no number makes `v1`. */
export function versionNameOf(document: Record<string, unknown>): string {
  const version = String((document['info'] as { version?: unknown } | undefined)?.version ?? '');
  const major = /^v?(\d{1,4})(\.|$|-)/.exec(version)?.[1];
  return major === undefined || major === '0' ? 'v1' : `v${Number(major)}`;
}

/** The text of a first portico.yaml: one product, one version, one free plan, each line with its reason. */
export function firstConfiguration(input: { title: string; slug: string; version: string; upstream: string; openapi: string }): string {
  return `# yaml-language-server: $schema=http://127.0.0.1:3000/schema/portico.json
# What Portico serves. Apply a change with \`portico apply -f portico.yaml\`, or run \`portico start --watch\`.

portal:
  name: ${scalar(`${input.title.replace(/ API$/i, '')} Developers`)}
  # The first part of every key.
  keyPrefix: ${scalar(input.slug.replaceAll('-', '').slice(0, 32))}

products:
  # The slug is the first part of every address at the gateway.
  - slug: ${scalar(input.slug)}
    name: ${scalar(input.title)}
    # Your API. The \`servers\` of the document are ignored.
    upstream: ${scalar(input.upstream)}
    # Test keys are answered from the document's examples. Or write another address.
    testUpstream: examples
    # The second part of every address is the version. Or: { by: header, header: Api-Version }
    versioning: { by: path }
    versions:
      # A path relative to this file, or a URL.
      - name: ${scalar(input.version)}
        openapi: ${scalar(input.openapi)}
    plans:
      - slug: free
        name: Free
        # Whoever signs up is subscribed to it.
        default: true
        currency: usd
        limits:
          # Rates: per second, minute or hour. Quotas: per day, week, month, year or (billing) period.
          - { name: burst, requests: 10, per: second }
          - { name: monthly, requests: 10000, per: month }
      # - slug: growth
      #   name: Growth
      #   currency: usd
      #   interval: month
      #   fee: "49.00"
      #   limits: [ { name: burst, requests: 50, per: second } ]
`;
}

/** Plain where YAML reads it as that very text, else in double quotes, which JSON shares. */
function scalar(text: string): string {
  const plain = /^[A-Za-z./][A-Za-z0-9 _./:-]*$/.test(text) && !/:( |$)| $|^(true|false|null|yes|no|on|off|\.nan|\.inf)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
