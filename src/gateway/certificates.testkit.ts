// Certificates made on the spot (RFC 5280), written in DER (ITU-T X.690).
import { Buffer } from 'node:buffer';
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

export interface Identity {
  /** PEM. */
  cert: string;
  key: string;
}

export interface Authority extends Identity {
  /** @param names DNS names or IPv4 addresses. @param validDays from an hour ago; negative: expired. @param organisation of the subject, before its name */
  issue(names: string[], validDays?: number, organisation?: string): Identity;
}

const dayMs = 86_400_000;
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

/** An authority that vouches for itself. */
export function makeAuthority(name: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = certificate({ subject: name, issuer: name, publicKey: keys.publicKey, signer: keys.privateKey, days: 30, extensions: [extension('551d13', sequence(der(0x01, Buffer.from([0xff]))))] });
  return {
    cert: own,
    key: pem('PRIVATE KEY', keys.privateKey.export({ type: 'pkcs8', format: 'der' })),
    issue: (names, days = 30, organisation) => {
      const subject = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const alternatives = names.map((alternative) => (isIPv4(alternative) ? der(0x87, Buffer.from(alternative.split('.').map(Number))) : der(0x82, Buffer.from(alternative))));
      return {
        cert: certificate({ subject: names[0]!, organisation, issuer: name, publicKey: subject.publicKey, signer: keys.privateKey, days, extensions: [extension('551d11', sequence(...alternatives))] }),
        key: pem('PRIVATE KEY', subject.privateKey.export({ type: 'pkcs8', format: 'der' })),
      };
    },
  };
}

function certificate(of: { subject: string; organisation?: string | undefined; issuer: string; publicKey: KeyObject; signer: KeyObject; days: number; extensions: Buffer[] }): string {
  const from = Date.now() - (of.days < 0 ? 60 * dayMs : dayMs / 24);
  const to = of.days < 0 ? Date.now() + of.days * dayMs : from + of.days * dayMs;
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(of.issuer),
    sequence(time(from), time(to)),
    nameOf(of.subject, of.organisation),
    of.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...of.extensions)),
  );
  return pem('CERTIFICATE', sequence(signed, ecdsaWithSha256, bits(sign('sha256', signed, of.signer))));
}

function nameOf(commonName: string, organisation?: string): Buffer {
  const part = (id: string, text: string): Buffer => der(0x31, sequence(oid(id), der(0x0c, Buffer.from(text))));
  return sequence(...(organisation === undefined ? [] : [part('55040a', organisation)]), part('550403', commonName));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}

function time(ms: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')}`));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function bits(value: Buffer): Buffer {
  return der(0x03, Buffer.concat([Buffer.from([0]), value]));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function pem(label: string, octets: Buffer): string {
  return `-----BEGIN ${label}-----\n${octets.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
}
