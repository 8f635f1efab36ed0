// Passes one upstream's answer on to the client, and meters it before it can look finished: the last octets of a body of known
// length, the terminator of a stream, or the head of an answer without a body wait until the record is written.
import type { Duplex } from 'node:stream';
import type { Call, Refusal } from './call.ts';
import type { AnswerListener, ClientListener, ClientSide, PartOwner, UpstreamExchange } from './exchange.ts';
import { trailerFields, type Fields } from './fields.ts';
import type { Gateway } from './gateway.ts';
import type { OpenBody } from './open-bodies.ts';
import type { RequestBody } from './request-body.ts';
import { fieldIds, type FieldList, valueOf } from './http1/field-section.ts';
import { joinConnections } from './join-connections.ts';
import { unmeterable } from './stages/capacity.ts';
import { countUnrecorded, record, recordCompletion, type Outcome } from './stages/record.ts';
import { bodyReader, headerUnits, type BodyReader } from './stages/reported-units.ts';
import { refuse, responseFields } from './stages/respond.ts';
import { settle } from './stages/settle.ts';
import { elapsedMs } from './timing.ts';
import { failureOf } from './upstream/failure.ts';

/** A body that is still open this long after its head is metered at its head. */
export const openAfterMs = 1_000;
/** Recorded for a client that left before there was an answer. */
const clientGoneStatus = 499;

export class Relay implements AnswerListener, ClientListener, OpenBody {
  exchange: UpstreamExchange | undefined;
  openPlace: OpenBody['openPlace'] = null;
  readonly #gateway: Gateway;
  readonly #call: Call;
  readonly #client: ClientSide;
  readonly #body: Pick<RequestBody, 'bytes' | 'kept'> | null;
  #status: number | null = null;
  #upstreamMs: number | null = null;
  #units: Record<string, string> = {};
  #reader: BodyReader | undefined;
  /** Head of an answer without a body, kept until the record is written. */
  #heldHead: { reason: string; fields: string[] } | null = null;
  #length: number | null = null;
  #responseBytes = 0;
  #open = false;
  #over = false;

  nobodyAsked = false;

  constructor(gateway: Gateway, call: Call, client: ClientSide, body: Pick<RequestBody, 'bytes' | 'kept'> | null) {
    this.#gateway = gateway;
    this.#call = call;
    this.#client = client;
    this.#body = body;
    client.listen(this);
  }

  /** The call has ended, or can no longer be served. */
  get over(): boolean {
    return this.#over;
  }

  onInformation(status: number, fields: FieldList): void {
    if (!this.#over) this.#client.inform(status, fields);
  }

  onHead(status: number, reason: string, fields: FieldList): void {
    if (this.#over) return;
    this.#status = status;
    if (!this.nobodyAsked) this.#upstreamMs = elapsedMs(this.#gateway.clock, this.#call.startedNs);
    if (status >= 500) settle(this.#gateway, this.#call, false);
    this.#units = headerUnits(this.#call.product!, fields);
    const head = responseFields(this.#gateway, this.#call, fields);
    const length = valueOf(fields, fieldIds['content-length']);
    this.#length = length === undefined ? null : Number(length);
    if (this.#call.head.method === 'HEAD' || status === 204 || status === 304 || this.#length === 0) {
      this.#heldHead = { reason, fields: head };
      return;
    }
    this.#reader = bodyReader(this.#call.product!, fields);
    this.#client.start(status, reason, head);
    this.#gateway.openBodies.add(this);
  }

  onData(part: Uint8Array, owner: PartOwner | null): boolean {
    if (this.#over) return true;
    this.#responseBytes += part.length;
    const isLast = this.#responseBytes === this.#length;
    const chunk = owner === null || (isLast && this.#reader === undefined) ? part : owner.keep(part);
    this.#reader?.add(chunk);
    if (!isLast) return this.#client.write(chunk);
    this.#client.hold(chunk);
    return true;
  }

  onEnd(trailers: Fields): void {
    if (this.#over) return;
    this.#over = true;
    this.#gateway.openBodies.delete(this);
    if (this.#reader) Object.assign(this.#units, this.#reader.units());
    this.#write((error) => {
      if (error && this.#gateway.whenUnmeterable === 'refuse') {
        this.#lost();
        return;
      }
      if (this.#heldHead) this.#client.start(this.#status!, this.#heldHead.reason, this.#heldHead.fields);
      this.#client.finish(trailerFields(trailers));
    });
  }

  onFailure(refusal: Refusal): void {
    if (this.#over) return;
    this.#over = true;
    this.#gateway.openBodies.delete(this);
    if (!this.#client.started) {
      const upstreamMs = refusal.code.startsWith('upstream') ? elapsedMs(this.#gateway.clock, this.#call.startedNs) : null;
      refuse(this.#gateway, this.#call, this.#client, refusal, { requestBytes: this.#body?.bytes ?? 0, upstreamMs, body: this.#body?.kept ?? null });
      return;
    }
    // Half an answer is no answer: it is not counted, and the broken connection shows it to the client.
    this.#client.abort();
    if (this.#open) {
      this.#write(() => undefined);
      return;
    }
    settle(this.#gateway, this.#call, false);
    record(this.#gateway, this.#call, { ...this.#outcome(), status: 502, code: refusal.code, upstreamStatus: null }, () => undefined);
  }

  /** The client's body broke off, perhaps before the upstream was asked for anything. */
  onBodyError(error: Error): void {
    if (this.#over) return;
    this.exchange?.abort();
    this.onFailure(failureOf(error));
  }

  /** Metered at its head, before the client hears of it: an upgraded connection has no end that could wait. */
  onUpgrade(reason: string, fields: FieldList, socket: Duplex, head: Uint8Array): void {
    if (this.#over) {
      socket.destroy();
      return;
    }
    this.#status = 101;
    this.#upstreamMs = elapsedMs(this.#gateway.clock, this.#call.startedNs);
    this.#units = headerUnits(this.#call.product!, fields);
    this.#open = true;
    this.#writeEvent(true, (error) => {
      if (this.#over || (error && this.#gateway.whenUnmeterable === 'refuse')) {
        socket.destroy();
        if (!this.#over) this.#lost();
        this.#over = true;
        return;
      }
      this.#over = true;
      const own = responseFields(this.#gateway, this.#call, fields);
      const client = this.#client.switchProtocols(reason, ['Connection', 'Upgrade', 'Upgrade', 'websocket', ...own]);
      joinConnections(client, { socket, head }, ({ fromClient, fromUpstream }) => {
        recordCompletion(this.#gateway, this.#call, { upstreamStatus: 101, requestBytes: fromClient, responseBytes: fromUpstream, units: this.#units }, () => undefined);
      });
    });
  }

  stayedOpen(): void {
    if (this.#over || this.#open) return;
    this.#open = true;
    this.#writeEvent(true, (error) => {
      if (!error || this.#gateway.whenUnmeterable === 'serve' || this.#over) return;
      this.#over = true;
      this.exchange?.abort();
      this.#client.abort();
    });
  }

  clientDrained(): void {
    this.exchange?.resume();
  }

  clientGone(): void {
    if (this.#over) return;
    this.#over = true;
    this.#gateway.openBodies.delete(this);
    this.exchange?.abort();
    if (this.#status !== null) {
      this.#write(() => undefined);
      return;
    }
    settle(this.#gateway, this.#call, false);
    record(this.#gateway, this.#call, { ...this.#outcome(), status: clientGoneStatus }, () => undefined);
  }

  /** The event, or what completes the one that was written at the head. */
  #write(done: (error?: Error) => void): void {
    if (!this.#open) {
      this.#writeEvent(false, done);
      return;
    }
    const outcome = this.#outcome();
    recordCompletion(this.#gateway, this.#call, outcome, (error) => {
      if (error !== undefined && this.#gateway.whenUnmeterable === 'serve') countUnrecorded(this.#gateway, this.#call, outcome, 0);
      done(error);
    });
  }

  #writeEvent(open: boolean, done: (error?: Error) => void): void {
    const outcome = this.#outcome();
    record(this.#gateway, this.#call, open ? { ...outcome, open, requestBytes: 0, responseBytes: 0, units: {} } : outcome, (error) => {
      settle(this.#gateway, this.#call, error === undefined);
      if (error !== undefined && this.#gateway.whenUnmeterable === 'serve') countUnrecorded(this.#gateway, this.#call, outcome, 1);
      done(error);
    });
  }

  /** The record is lost, so the answer must not look like a success. */
  #lost(): void {
    if (this.#client.started) {
      this.#client.abort();
      return;
    }
    refuse(this.#gateway, this.#call, this.#client, unmeterable, { upstreamMs: this.#upstreamMs });
  }

  #outcome(): Outcome {
    return {
      status: this.#status ?? clientGoneStatus,
      code: null,
      upstreamStatus: this.#status,
      upstreamMs: this.#upstreamMs,
      requestBytes: this.#body?.bytes ?? 0,
      responseBytes: this.#responseBytes,
      units: this.#units,
      body: this.#body?.kept ?? null,
      open: false,
    };
  }
}
