import { createRequire } from 'node:module';

export interface Currency { code: string; name: string; symbol: string; countries: Country[] }
export interface Language { code: string; name: string; countries: Country[] }
export interface Region { name: string; slug: string; subregions: string[]; countries: Country[] }

export interface Country {
  alpha2: string;
  alpha3: string;
  numeric: string | null;
  name: string;
  officialName: string;
  nativeNames: { language: string; name: string }[];
  capitals: string[];
  region: string;
  subregion: string | null;
  areaKm2: number | null;
  landlocked: boolean;
  independent: boolean | null;
  unMember: boolean;
  latitude: number;
  longitude: number;
  currencies: { code: string; name: string; symbol: string }[];
  languages: { code: string; name: string }[];
  callingCodes: string[];
  /** alpha3 */
  borders: string[];
}

export interface Countries {
  /** By name. */
  all: Country[];
  /** By alpha-2 or alpha-3, upper case. */
  byCode: Map<string, Country>;
  currencies: Map<string, Currency>;
  languages: Map<string, Language>;
  regions: Map<string, Region>;
}

/** One entry of the package `world-countries`, as far as Atlas reads it. */
interface Entry {
  name: { common: string; official: string; native: Record<string, { common: string }> };
  cca2: string; cca3: string; ccn3: string; independent: boolean | null; unMember: boolean;
  currencies: Record<string, { name: string; symbol: string }>;
  languages: Record<string, string>;
  idd: { root: string; suffixes: string[] };
  capital: string[]; region: string; subregion: string; latlng: [number, number]; landlocked: boolean; borders: string[]; area: number;
}

export function loadCountries(): Countries {
  const entries = createRequire(import.meta.url)('world-countries') as Entry[];
  const all = entries.map(toCountry).sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const byCode = new Map(all.flatMap((country) => [[country.alpha2, country], [country.alpha3, country]] as const));
  const currencies = new Map<string, Currency>();
  const languages = new Map<string, Language>();
  const regions = new Map<string, Region>();
  for (const country of all) {
    for (const currency of country.currencies) ensure(currencies, currency.code, () => ({ ...currency, countries: [] })).countries.push(country);
    for (const language of country.languages) ensure(languages, language.code, () => ({ ...language, countries: [] })).countries.push(country);
    const region = ensure(regions, country.region.toLowerCase(), () => ({ name: country.region, slug: country.region.toLowerCase(), subregions: [], countries: [] }));
    region.countries.push(country);
    if (country.subregion !== null && !region.subregions.includes(country.subregion)) region.subregions.push(country.subregion);
  }
  for (const region of regions.values()) region.subregions.sort();
  return { all, byCode, currencies: sorted(currencies), languages: sorted(languages), regions: sorted(regions) };
}

function toCountry(entry: Entry): Country {
  return {
    alpha2: entry.cca2,
    alpha3: entry.cca3,
    numeric: entry.ccn3 || null,
    name: entry.name.common,
    officialName: entry.name.official,
    nativeNames: Object.entries(entry.name.native).map(([language, { common }]) => ({ language, name: common })),
    capitals: entry.capital,
    region: entry.region,
    subregion: entry.subregion || null,
    areaKm2: entry.area > 0 ? entry.area : null,
    landlocked: entry.landlocked,
    independent: entry.independent,
    unMember: entry.unMember,
    latitude: entry.latlng[0],
    longitude: entry.latlng[1],
    currencies: Object.entries(entry.currencies).map(([code, { name, symbol }]) => ({ code, name, symbol })),
    languages: Object.entries(entry.languages).map(([code, name]) => ({ code, name })),
    callingCodes: callingCodes(entry.idd),
    borders: entry.borders,
  };
}

/** Countries that share +1 or +7 list area codes as suffixes; these belong to no country code. */
function callingCodes({ root, suffixes }: Entry['idd']): string[] {
  if (root === '') return [];
  if (root === '+1' || root === '+7') return suffixes.length === 1 ? [root + suffixes[0]!] : [root];
  return suffixes.map((suffix) => root + suffix);
}

function ensure<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function sorted<V>(map: Map<string, V>): Map<string, V> {
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}
