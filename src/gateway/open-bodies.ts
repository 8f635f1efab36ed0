/** An answer whose body is still on its way. */
export interface OpenBody {
  /** The body has been open for long. */
  stayedOpen(): void;
  /** Neighbours and beat in the list of those that are open: its own business. */
  openPlace: OpenPlace | null;
}

interface OpenPlace {
  body: OpenBody | null;
  since: number;
  before: OpenPlace;
  after: OpenPlace;
}

const beatMs = 100;

/** Answers whose bodies are on their way, in the order of their heads. One timer looks at those of a thread, since most are over at once. */
export class OpenBodies {
  /** Of the ring: the oldest stands after it, the newest before it. */
  readonly #end: OpenPlace = makeEnd();
  readonly #timer: NodeJS.Timeout;
  /** Beats so far. */
  #now = 0;

  /** @param afterMs a body that is open this long is told so, once */
  constructor(afterMs: number) {
    const beats = Math.ceil(afterMs / beatMs);
    this.#timer = setInterval(() => {
      this.#now++;
      this.#sweep(this.#now - beats);
    }, beatMs).unref();
  }

  add(body: OpenBody): void {
    const end = this.#end;
    const place = { body, since: this.#now, before: end.before, after: end };
    end.before.after = place;
    end.before = place;
    body.openPlace = place;
  }

  delete(body: OpenBody): void {
    const place = body.openPlace;
    if (place === null) return;
    body.openPlace = null;
    place.before.after = place.after;
    place.after.before = place.before;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sweep(until: number): void {
    for (let place = this.#end.after; place.body !== null && place.since < until; place = place.after) {
      this.delete(place.body);
      place.body.stayedOpen();
    }
  }
}

function makeEnd(): OpenPlace {
  const end = { body: null, since: 0 } as unknown as OpenPlace;
  end.before = end;
  end.after = end;
  return end;
}
