// The only reader of settings. A flag wins over an environment variable, which wins over the default; an empty variable counts as not set.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { AppError } from './errors.ts';

export interface Setting { flag: string; variable: string; default: string; meaning: string }

/** Every setting; docs/guide/settings.md describes each, and a test compares. */
export const settings = {
  data: { flag: '--data', variable: 'PORTICO_DATA', default: '.portico', meaning: 'Data folder: stores, spool, secrets.' },
  host: { flag: '--host', variable: 'PORTICO_HOST', default: '127.0.0.1', meaning: 'Address that web and gateway listen on.' },
  webPort: { flag: '--web-port', variable: 'PORTICO_WEB_PORT', default: '3000', meaning: 'Port of portal, workspace and management API.' },
  gatewayPort: { flag: '--gateway-port', variable: 'PORTICO_GATEWAY_PORT', default: '8080', meaning: 'Port of the gateway.' },
  adminToken: { flag: '--admin-token', variable: 'PORTICO_ADMIN_TOKEN', default: '', meaning: 'Token of the management API. Empty: made at first start, printed once, kept in the data folder.' },
  secret: { flag: '--secret', variable: 'PORTICO_SECRET', default: '', meaning: 'Secret that signs sessions and tokens. Empty: made at first start, kept in the data folder.' },
  role: { flag: '--role', variable: 'PORTICO_ROLE', default: 'all', meaning: '`all`, `control` or `gateway`: what this process tree runs.' },
  workers: { flag: '--workers', variable: 'PORTICO_WORKERS', default: '', meaning: 'Gateway threads. Empty: one per core, at most 4.' },
  databaseUrl: { flag: '--database-url', variable: 'PORTICO_DATABASE_URL', default: '', meaning: 'postgres://... Empty: SQLite in the data folder.' },
  publicWebUrl: { flag: '--public-web-url', variable: 'PORTICO_PUBLIC_WEB_URL', default: '', meaning: 'Address of the portal as people see it. Empty: http://HOST:WEB_PORT.' },
  publicGatewayUrl: { flag: '--public-gateway-url', variable: 'PORTICO_PUBLIC_GATEWAY_URL', default: '', meaning: 'Address of the gateway as people see it. Empty: http(s)://HOST:GATEWAY_PORT.' },
  trustedProxies: { flag: '--trusted-proxies', variable: 'PORTICO_TRUSTED_PROXIES', default: '', meaning: 'Addresses or CIDR ranges, comma-separated, whose X-Forwarded-* is believed.' },
  tlsCert: { flag: '--tls-cert', variable: 'PORTICO_TLS_CERT', default: '', meaning: 'File with the certificate chain of the gateway (PEM). Empty: the gateway speaks plain HTTP/1.1.' },
  tlsKey: { flag: '--tls-key', variable: 'PORTICO_TLS_KEY', default: '', meaning: 'File with the private key of that certificate (PEM).' },
  tlsClientCa: { flag: '--tls-client-ca', variable: 'PORTICO_TLS_CLIENT_CA', default: '', meaning: 'File with the authorities (PEM) that client certificates are verified against. Empty: clients are asked for none.' },
  smtpUrl: { flag: '--smtp-url', variable: 'PORTICO_SMTP_URL', default: '', meaning: 'smtp://user:pass@host:port?from=sender@example.com. Empty: mail stays in the outbox.' },
  stripeSecret: { flag: '--stripe-secret', variable: 'PORTICO_STRIPE_SECRET', default: '', meaning: 'Secret or restricted key of a Stripe account (sk_... or rk_...). Empty: invoices are marked as paid by hand.' },
  stripeWebhookSecret: { flag: '--stripe-webhook-secret', variable: 'PORTICO_STRIPE_WEBHOOK_SECRET', default: '', meaning: 'Signing secret of the webhook endpoint in that account (whsec_...).' },
  stripeApiUrl: { flag: '--stripe-api-url', variable: 'PORTICO_STRIPE_API_URL', default: 'https://api.stripe.com', meaning: 'Where Stripe\'s API is reached: for a proxy of your own, or for tests.' },
  spoolSyncMs: { flag: '--spool-sync-ms', variable: 'PORTICO_SPOOL_SYNC_MS', default: '1000', meaning: 'At most this much metering is lost when the power fails, in ms.' },
  whenUnmeterable: { flag: '--when-unmeterable', variable: 'PORTICO_WHEN_UNMETERABLE', default: 'refuse', meaning: '`refuse` or `serve` calls that cannot be metered.' },
  eventRetentionDays: { flag: '--event-retention-days', variable: 'PORTICO_EVENT_RETENTION_DAYS', default: '90', meaning: 'Request events older than this are deleted. The ledger stays.' },
  spoolRetentionHours: { flag: '--spool-retention-hours', variable: 'PORTICO_SPOOL_RETENTION_HOURS', default: '24', meaning: 'Spool segments that both stores have read are deleted after this.' },
} as const satisfies Record<string, Setting>;
export type SettingName = keyof typeof settings;

/** Settings whose names are fixed but which this release does not serve: whoever sets one must not believe that it works. */
export const unsupportedSettings = {
  PORTICO_REDIS_URL: 'Limits are kept in memory that the gateway threads of one machine share',
  PORTICO_CLICKHOUSE_URL: 'Request events are kept in the data folder',
} as const;

/** Their values hold passwords, which no log should keep. */
const confidential = new Set<SettingName>(['adminToken', 'secret', 'databaseUrl', 'smtpUrl', 'stripeSecret', 'stripeWebhookSecret']);

/** Certificate chain and private key of the gateway, and the authorities of client certificates, as PEM texts. */
export interface TlsIdentity { cert: string; key: string; clientCa: string | null }

/** Paths; '' for none. */
export interface TlsFiles { cert: string; key: string; clientCa: string }

/** A Stripe account; both secrets are used and never shown. */
export interface StripeAccount { secret: string; webhookSecret: string; /** Without a slash at the end. */ apiUrl: string }

export interface Config {
  dataFolder: string;
  host: string;
  webPort: number;
  gatewayPort: number;
  adminToken: string | null;
  secret: string | null;
  role: 'all' | 'control' | 'gateway';
  workers: number;
  databaseUrl: string | null;
  webUrl: string;
  gatewayUrl: string;
  trustedProxies: string[];
  /** Certificate chain and private key of the gateway as PEM texts, and the authorities of clients; null for plain connections. */
  tls: TlsIdentity | null;
  /** Where that was read. */
  tlsFiles: TlsFiles | null;
  smtpUrl: string | null;
  /** Null: invoices are marked as paid by hand. */
  stripe: StripeAccount | null;
  spoolSyncMs: number;
  whenUnmeterable: 'refuse' | 'serve';
  eventRetentionDays: number;
  spoolRetentionHours: number;
}

/** @throws AppError `start_refused` that names the first invalid setting. */
export function readConfig(environment: Record<string, string | undefined>, flags: Partial<Record<SettingName, string>> = {}): Config {
  const text = (name: SettingName): string => flags[name] ?? (environment[settings[name].variable] || settings[name].default);
  const refuse = (name: SettingName, expected: string): never => {
    const given = confidential.has(name) ? '' : ` is "${text(name)}", but it`;
    throw new AppError('start_refused', `${settings[name].variable}${given} must be ${expected}.`);
  };
  const whole = (name: SettingName, least: number, most: number): number => {
    const value = Number(text(name));
    return /^\d+$/.test(text(name)) && value >= least && value <= most ? value : refuse(name, `a whole number from ${least} to ${most}`);
  };
  const oneOf = <T extends string>(name: SettingName, values: readonly T[]): T => values.find((value) => value === text(name)) ?? refuse(name, values.map((value) => `\`${value}\``).join(' or '));
  const address = (name: SettingName, protocols: string[], otherwise: string): string => {
    if (text(name) === '') return otherwise;
    const url = URL.parse(text(name));
    return url && protocols.includes(url.protocol) ? text(name).replace(/\/$/, '') : refuse(name, `an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
  };

  const tlsFiles = tlsFilesOf(text, refuse);
  const tls = tlsFiles && readTls(tlsFiles, refuse);
  for (const [variable, instead] of Object.entries(unsupportedSettings)) {
    if (environment[variable]) throw new AppError('start_refused', `${variable} is set, but this release does not support it. ${instead}.`);
  }
  const host = text('host') === '' ? refuse('host', 'an address or a host name') : text('host');
  const proxies = text('trustedProxies').split(',').map((entry) => entry.trim()).filter((entry) => entry !== '');
  const webPort = whole('webPort', 0, 65_535);
  const gatewayPort = whole('gatewayPort', 0, 65_535);
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return {
    dataFolder: resolve(text('data')),
    host,
    webPort,
    gatewayPort,
    adminToken: text('adminToken') || null,
    secret: text('secret') === '' ? null : text('secret').length >= 32 ? text('secret') : refuse('secret', 'at least 32 characters'),
    role: oneOf('role', ['all', 'control', 'gateway'] as const),
    workers: text('workers') === '' ? Math.min(4, availableParallelism()) : whole('workers', 1, 64),
    databaseUrl: address('databaseUrl', ['postgres:', 'postgresql:'], '') || null,
    webUrl: address('publicWebUrl', ['http:', 'https:'], `http://${shown}:${webPort}`),
    gatewayUrl: address('publicGatewayUrl', ['http:', 'https:'], `${tls === null ? 'http' : 'https'}://${shown}:${gatewayPort}`),
    trustedProxies: proxies.every(isAddressRange) ? proxies : refuse('trustedProxies', 'addresses or CIDR ranges with commas between them, such as `10.0.0.0/8,127.0.0.1`'),
    tls,
    tlsFiles,
    stripe: stripeOf(text, refuse, address('stripeApiUrl', ['http:', 'https:'], settings.stripeApiUrl.default)),
    smtpUrl: address('smtpUrl', ['smtp:', 'smtps:'], '') || null,
    spoolSyncMs: whole('spoolSyncMs', 1, 60_000),
    whenUnmeterable: oneOf('whenUnmeterable', ['refuse', 'serve'] as const),
    eventRetentionDays: whole('eventRetentionDays', 1, 36_500),
    spoolRetentionHours: whole('spoolRetentionHours', 2, 87_600),
  };
}

function stripeOf(text: (name: SettingName) => string, refuse: Refuse, apiUrl: string): StripeAccount | null {
  const [secret, webhookSecret] = [text('stripeSecret'), text('stripeWebhookSecret')];
  if (secret === '' && webhookSecret === '') return null;
  if (!/^(?:sk|rk)_\w+$/.test(secret)) refuse('stripeSecret', secret === '' ? 'set, too, since PORTICO_STRIPE_WEBHOOK_SECRET is' : 'a secret key of Stripe, which begins with `sk_` or `rk_`');
  if (!/^whsec_\S+$/.test(webhookSecret)) refuse('stripeWebhookSecret', webhookSecret === '' ? 'set, too, since PORTICO_STRIPE_SECRET is: without it nobody could tell a report of Stripe from a forged one' : 'the signing secret of a webhook endpoint, which begins with `whsec_`');
  if (URL.parse(apiUrl)!.pathname !== '/') refuse('stripeApiUrl', 'an address without a path');
  return { secret, webhookSecret, apiUrl };
}

type Refuse = (name: SettingName, expected: string) => never;

function tlsFilesOf(text: (name: SettingName) => string, refuse: Refuse): TlsFiles | null {
  const files = { cert: text('tlsCert'), key: text('tlsKey'), clientCa: text('tlsClientCa') };
  if (files.cert === '' && files.key === '') return files.clientCa === '' ? null : refuse('tlsCert', 'set, too, since PORTICO_TLS_CLIENT_CA is: certificates are asked for by TLS');
  if (files.cert === '') return refuse('tlsCert', 'set, too, since PORTICO_TLS_KEY is');
  return files.key === '' ? refuse('tlsKey', 'set, too, since PORTICO_TLS_CERT is') : files;
}

/** @param refuse throws */
export function readTls(files: TlsFiles, refuse: Refuse): TlsIdentity {
  const read = (name: 'tlsCert' | 'tlsKey' | 'tlsClientCa', path: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      return refuse(name, `a file that can be read (${(error as NodeJS.ErrnoException).code})`);
    }
  };
  const tls = { cert: read('tlsCert', files.cert), key: read('tlsKey', files.key) };
  try {
    // An empty text would count as none.
    void new X509Certificate(tls.cert);
    createSecureContext(tls);
  } catch (error) {
    return refuse('tlsCert', `a PEM file whose certificate belongs to the key in PORTICO_TLS_KEY (${(error as Error).message})`);
  }
  return { ...tls, clientCa: files.clientCa === '' ? null : readAuthorities(read('tlsClientCa', files.clientCa), (expected) => refuse('tlsClientCa', expected)) };
}

function readAuthorities(pem: string, refuse: (expected: string) => never): string {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? refuse('a PEM file with at least one certificate');
  for (const certificate of certificates) {
    try {
      void new X509Certificate(certificate);
    } catch (error) {
      return refuse(`a PEM file whose certificates can be read (${(error as Error).message})`);
    }
  }
  return pem;
}

function isAddressRange(entry: string): boolean {
  const [address = '', bits, more] = entry.split('/');
  const family = isIP(address);
  return family !== 0 && more === undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
}
