import { distanceKm } from '../world/cities.ts';
import type { City } from '../world/cities.ts';
import type { Country } from '../world/countries.ts';
import { Refusal } from '../route.ts';
import type { Answer, Call, Route, Version } from '../route.ts';

const perPageMax = 100;

const routes: Route[] = [
  { method: 'GET', path: '/countries', answer: listCountries },
  { method: 'GET', path: '/countries/{code}', answer: (call) => ({ body: country(getCountry(call)) }) },
  { method: 'GET', path: '/countries/{code}/borders', answer: (call) => ({ body: getCountry(call).borders.map((code) => country(call.world.countries.byCode.get(code)!)) }) },
  { method: 'GET', path: '/countries/{code}/cities', answer: listCountryCities },
  { method: 'GET', path: '/capitals', answer: listCapitals },
  { method: 'GET', path: '/cities', answer: searchCities },
  { method: 'GET', path: '/cities/nearest', answer: findNearestCities },
  { method: 'GET', path: '/cities/largest', answer: ({ world, query }) => ({ body: world.cities.largest(amount(query, 'limit', 10), optionalCountry({ world, query })?.alpha2).map(city) }) },
  { method: 'GET', path: '/cities/{id}', answer: ({ world, path }) => ({ body: city(getCity(world, path['id']!)) }) },
  { method: 'GET', path: '/currencies', answer: ({ world }) => ({ body: [...world.countries.currencies.values()].map(withCountries) }) },
  { method: 'GET', path: '/currencies/{code}', answer: ({ world, path }) => ({ body: withCountries(world.countries.currencies.get(path['code']!.toUpperCase()) ?? missing('currency', path['code']!)) }) },
  { method: 'GET', path: '/languages', answer: ({ world }) => ({ body: [...world.countries.languages.values()].map(withCountries) }) },
  { method: 'GET', path: '/languages/{code}', answer: ({ world, path }) => ({ body: withCountries(world.countries.languages.get(path['code']!.toLowerCase()) ?? missing('language', path['code']!)) }) },
  { method: 'GET', path: '/regions', answer: ({ world }) => ({ body: [...world.countries.regions.values()].map(({ name, subregions, countries }) => ({ name, subregions, countries: countries.length })) }) },
  { method: 'POST', path: '/distances', answer: measureDistance },
];

export const v1: Version = {
  prefix: '/v1',
  routes,
  refusal: ({ code, message }) => ({ contentType: 'application/json', body: { error: code, message } }),
};

function country(found: Country): Record<string, unknown> {
  return {
    code: found.alpha2,
    code3: found.alpha3,
    name: found.name,
    official_name: found.officialName,
    capital: found.capitals[0] ?? null,
    region: found.region,
    subregion: found.subregion,
    area_km2: found.areaKm2,
    landlocked: found.landlocked,
    lat: found.latitude,
    lng: found.longitude,
    currencies: found.currencies.map(({ code }) => code),
    languages: found.languages.map(({ code }) => code),
    calling_code: found.callingCodes[0] ?? null,
    borders: found.borders,
  };
}

function city({ id, name, country: alpha2, latitude, longitude, population, featureCode }: City): Record<string, unknown> {
  return { id, name, country: alpha2, lat: latitude, lng: longitude, population, feature_code: featureCode };
}

function withCountries({ countries, ...rest }: { code: string; name: string; symbol?: string; countries: Country[] }): Record<string, unknown> {
  return { ...rest, countries: countries.map(({ alpha2 }) => alpha2) };
}

function listCountries({ world, query }: Call): Answer {
  const region = query.get('region')?.toLowerCase();
  const currency = query.get('currency')?.toUpperCase();
  const language = query.get('language')?.toLowerCase();
  const found = world.countries.all.filter((one) => (region === undefined || one.region.toLowerCase() === region)
    && (currency === undefined || one.currencies.some(({ code }) => code === currency))
    && (language === undefined || one.languages.some(({ code }) => code === language)));
  return paged(query, (offset, limit) => ({ items: found.slice(offset, offset + limit).map(country), total: found.length }));
}

function listCountryCities(call: Call): Answer {
  const { alpha2 } = getCountry(call);
  return paged(call.query, (offset, limit) => {
    const { cities, total } = call.world.cities.ofCountry(alpha2, offset, limit);
    return { items: cities.map(city), total };
  });
}

function listCapitals({ world }: Call): Answer {
  return { body: world.countries.all.filter(({ capitals }) => capitals.length > 0).map(({ alpha2, capitals }) => ({ country: alpha2, capital: capitals[0] })) };
}

function searchCities({ world, query }: Call): Answer {
  const q = query.get('q') ?? '';
  if (q.trim() === '') throw new Refusal(400, 'missing_parameter', 'The parameter q is missing.', 'q');
  const alpha2 = optionalCountry({ world, query })?.alpha2;
  return paged(query, (offset, limit) => {
    const { cities, total } = world.cities.search(q, offset, limit, alpha2);
    return { items: cities.map(city), total };
  });
}

function findNearestCities({ world, query }: Call): Answer {
  const point = { latitude: coordinate(query, 'lat', 90), longitude: coordinate(query, 'lng', 180) };
  return { body: world.cities.nearest(point, amount(query, 'limit', 5)).map(({ city: found, distanceKm: distance }) => ({ ...city(found), distance_km: distance })) };
}

function measureDistance({ world, body }: Call): Answer {
  const { from, to } = (typeof body === 'object' && body !== null ? body : {}) as { from?: unknown; to?: unknown };
  for (const [field, id] of Object.entries({ from, to })) if (typeof id !== 'number') throw new Refusal(400, 'invalid_body', `${field} must be the id of a city.`, field);
  const [start, end] = [getCity(world, String(from)), getCity(world, String(to))];
  return { body: { from: city(start), to: city(end), distance_km: distanceKm(start, end) } };
}

function getCountry({ world, path }: Pick<Call, 'world' | 'path'>): Country {
  return world.countries.byCode.get(path['code']!.toUpperCase()) ?? missing('country', path['code']!);
}

function getCity(world: Call['world'], id: string): City {
  if (!/^\d+$/.test(id)) throw new Refusal(400, 'invalid_parameter', 'The id of a city is a whole number.', 'id');
  return world.cities.find(Number(id)) ?? missing('city', id);
}

function optionalCountry({ world, query }: Pick<Call, 'world' | 'query'>): Country | undefined {
  const code = query.get('country');
  return code === null ? undefined : getCountry({ world, path: { code } });
}

function missing(noun: string, id: string): never {
  throw new Refusal(404, 'not_found', `There is no ${noun} ${id}.`);
}

/** Out of range is clamped, and what is no number is ignored: version 2 refuses both. */
function amount(query: URLSearchParams, name: string, standard: number): number {
  const value = Number.parseInt(query.get(name) ?? '', 10);
  return Number.isNaN(value) ? standard : Math.min(perPageMax, Math.max(1, value));
}

function coordinate(query: URLSearchParams, name: string, bound: number): number {
  const text = query.get(name);
  if (text === null || text.trim() === '') throw new Refusal(400, 'missing_parameter', `The parameter ${name} is missing.`, name);
  const value = Number(text);
  if (!(Math.abs(value) <= bound)) throw new Refusal(400, 'invalid_parameter', `${name} must be a number from -${bound} to ${bound}.`, name);
  return value;
}

/** Links are relative to the request (RFC 8288), so that they hold behind any gateway. */
function paged(query: URLSearchParams, slice: (offset: number, limit: number) => { items: unknown[]; total: number }): Answer {
  const perPage = amount(query, 'per_page', 20);
  const page = Math.max(1, Number.parseInt(query.get('page') ?? '1', 10) || 1);
  const { items, total } = slice((page - 1) * perPage, perPage);
  const pages = Math.max(1, Math.ceil(total / perPage));
  const link = (to: number, rel: string): string => {
    const target = new URLSearchParams(query);
    target.set('page', String(to));
    target.set('per_page', String(perPage));
    return `<?${target}>; rel="${rel}"`;
  };
  const links = [link(1, 'first'), ...(page > 1 ? [link(Math.min(page - 1, pages), 'prev')] : []), ...(page < pages ? [link(page + 1, 'next')] : []), link(pages, 'last')];
  return { body: items, headers: { Link: links.join(', '), 'X-Total-Count': String(total) } };
}
