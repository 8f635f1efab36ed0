import { STATUS_CODES } from 'node:http';
import { distanceKm } from '../world/cities.ts';
import type { City, Point } from '../world/cities.ts';
import type { Country } from '../world/countries.ts';
import { Refusal } from '../route.ts';
import type { Answer, Call, Route, Version } from '../route.ts';
import { coordinate, only, optionalMatch, page, pageLimit, required, whole } from './parameters.ts';
import { city, country, countrySummary, withCountries } from './shapes.ts';

const routes: Route[] = [
  { method: 'GET', path: '/countries', answer: listCountries },
  { method: 'GET', path: '/countries/{code}', answer: (call) => bare(call, country(getCountry(call))) },
  { method: 'GET', path: '/countries/{code}/borders', answer: listBorders },
  { method: 'GET', path: '/countries/{code}/cities', answer: listCountryCities },
  { method: 'GET', path: '/cities', answer: searchCities },
  { method: 'GET', path: '/cities/nearest', answer: findNearestCities },
  { method: 'GET', path: '/cities/largest', answer: listLargestCities },
  { method: 'GET', path: '/cities/export', answer: exportCities },
  { method: 'GET', path: '/cities/{id}', answer: (call) => bare(call, city(getCity(call.world, call.path['id']!, 'id'), call.world.countries)) },
  { method: 'GET', path: '/currencies', answer: (call) => listed(call, [...call.world.countries.currencies.values()].map(withCountries)) },
  { method: 'GET', path: '/currencies/{code}', answer: (call) => bare(call, withCountries(call.world.countries.currencies.get(call.path['code']!) ?? missing('currency', call.path['code']!))) },
  { method: 'GET', path: '/languages', answer: (call) => listed(call, [...call.world.countries.languages.values()].map(withCountries)) },
  { method: 'GET', path: '/languages/{code}', answer: (call) => bare(call, withCountries(call.world.countries.languages.get(call.path['code']!) ?? missing('language', call.path['code']!))) },
  { method: 'GET', path: '/regions', answer: (call) => bare(call, { items: [...call.world.countries.regions.values()].map(({ slug, name, subregions, countries }) => ({ id: slug, name, subregions, countryCount: countries.length })) }) },
  { method: 'GET', path: '/regions/{id}', answer: getRegion },
  { method: 'POST', path: '/distances', answer: measureDistances },
];

/** Problem details as of RFC 9457. */
export const v2: Version = {
  prefix: '/v2',
  routes,
  refusal: ({ status, code, message, field }) => ({
    contentType: 'application/problem+json',
    body: { type: `urn:atlas:problem:${code.replaceAll('_', '-')}`, title: STATUS_CODES[status], status, detail: message, ...(field === undefined ? {} : { field }) },
  }),
};

function bare({ query }: Call, body: unknown): Answer {
  only(query);
  return { body };
}

function listed({ query }: Call, all: unknown[]): Answer {
  only(query, 'limit', 'cursor');
  return page(query, (offset, limit) => ({ items: all.slice(offset, offset + limit), total: all.length }));
}

function listCountries({ world, query }: Call): Answer {
  only(query, 'region', 'currency', 'language', 'landlocked', 'limit', 'cursor');
  const region = optionalMatch(query, 'region', /^(africa|americas|antarctic|asia|europe|oceania)$/, 'one of africa, americas, antarctic, asia, europe, oceania');
  const currency = optionalMatch(query, 'currency', /^[A-Z]{3}$/, 'an ISO 4217 code such as CHF');
  const language = optionalMatch(query, 'language', /^[a-z]{3}$/, 'an ISO 639-3 code such as deu');
  const landlocked = optionalMatch(query, 'landlocked', /^(true|false)$/, 'true or false');
  const found = world.countries.all.filter((one) => (region === undefined || one.region.toLowerCase() === region)
    && (currency === undefined || one.currencies.some(({ code }) => code === currency))
    && (language === undefined || one.languages.some(({ code }) => code === language))
    && (landlocked === undefined || String(one.landlocked) === landlocked));
  return page(query, (offset, limit) => ({ items: found.slice(offset, offset + limit).map(countrySummary), total: found.length }));
}

function listBorders(call: Call): Answer {
  return bare(call, { items: getCountry(call).borders.map((code) => countrySummary(call.world.countries.byCode.get(code)!)) });
}

function listCountryCities(call: Call): Answer {
  const { world, query } = call;
  only(query, 'limit', 'cursor');
  const { alpha2 } = getCountry(call);
  return page(query, (offset, limit) => {
    const { cities, total } = world.cities.ofCountry(alpha2, offset, limit);
    return { items: cities.map((one) => city(one, world.countries)), total };
  });
}

function searchCities({ world, query }: Call): Answer {
  only(query, 'name', 'country', 'limit', 'cursor');
  const name = required(query, 'name');
  if (name.trim().length < 2) throw new Refusal(400, 'invalid-parameter', '`name` needs at least two letters.', 'name');
  const alpha2 = countryFilter({ world, query });
  return page(query, (offset, limit) => {
    const { cities, total } = world.cities.search(name, offset, limit, alpha2);
    return { items: cities.map((one) => city(one, world.countries)), total };
  });
}

function findNearestCities({ world, query }: Call): Answer {
  only(query, 'latitude', 'longitude', 'minPopulation', 'limit');
  const point = { latitude: coordinate(query, 'latitude', 90), longitude: coordinate(query, 'longitude', 180) };
  const minPopulation = whole(query, 'minPopulation', { standard: 0, min: 0, max: 50_000_000 });
  const found = world.cities.nearest(point, whole(query, 'limit', { ...pageLimit, standard: 5 }), minPopulation);
  return { body: { items: found.map(({ city: one, distanceKm: distance }) => ({ distanceKm: distance, city: city(one, world.countries) })) } };
}

function listLargestCities({ world, query }: Call): Answer {
  only(query, 'country', 'limit');
  const limit = whole(query, 'limit', { ...pageLimit, standard: 10 });
  return { body: { items: world.cities.largest(limit, countryFilter({ world, query })).map((one) => city(one, world.countries)) } };
}

function exportCities({ world, query }: Call): Answer {
  only(query, 'country');
  const { alpha2, alpha3 } = getCountry({ world, path: { code: required(query, 'country') } });
  const { total } = world.cities.ofCountry(alpha2, 0, 0);
  const lines = world.cities.ofCountry(alpha2, 0, total).cities.values().map((one) => city(one, world.countries));
  return { lines, headers: { 'Content-Disposition': `attachment; filename="cities-${alpha3}.ndjson"` } };
}

function getRegion(call: Call): Answer {
  const { slug, name, subregions, countries } = call.world.countries.regions.get(call.path['id']!) ?? missing('region', call.path['id']!);
  return bare(call, { id: slug, name, subregions, countries: countries.map(countrySummary) });
}

function measureDistances({ world, query, body }: Call): Answer {
  only(query);
  const waypoints = typeof body === 'object' && body !== null ? (body as { waypoints?: unknown }).waypoints : undefined;
  if (!Array.isArray(waypoints) || waypoints.length < 2 || waypoints.length > 25) throw new Refusal(400, 'invalid-body', '`waypoints` must be a list of 2 to 25 waypoints.', '/waypoints');
  const points = waypoints.map((waypoint, n) => toPoint(world, waypoint, `/waypoints/${n}`));
  const legs = points.slice(1).map((point, n) => ({ from: n, to: n + 1, distanceKm: distanceKm(points[n]!, point) }));
  return { body: { legs, totalKm: Math.round(legs.reduce((sum, leg) => sum + leg.distanceKm, 0) * 10) / 10 } };
}

function toPoint(world: Call['world'], waypoint: unknown, field: string): Point {
  const { cityId, latitude, longitude } = (typeof waypoint === 'object' && waypoint !== null ? waypoint : {}) as Record<string, unknown>;
  if (typeof cityId === 'string') return getCity(world, cityId, field);
  if (typeof latitude === 'number' && typeof longitude === 'number' && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return { latitude, longitude };
  throw new Refusal(400, 'invalid-body', 'A waypoint is either `{"cityId": "2657896"}` or `{"latitude": 47.37, "longitude": 8.55}`.', field);
}

function getCountry({ world, path }: Pick<Call, 'world' | 'path'>): Country {
  const code = path['code']!;
  if (!/^[A-Z]{3}$/.test(code)) throw new Refusal(400, 'invalid-parameter', `\`${code}\` is not a country code; three capital letters (ISO 3166-1 alpha-3) such as CHE were expected.`, 'code');
  return world.countries.byCode.get(code) ?? missing('country', code);
}

function countryFilter({ world, query }: Pick<Call, 'world' | 'query'>): string | undefined {
  const code = optionalMatch(query, 'country', /^[A-Z]{3}$/, 'an ISO 3166-1 alpha-3 code such as CHE');
  return code === undefined ? undefined : getCountry({ world, path: { code } }).alpha2;
}

function getCity(world: Call['world'], id: string, field: string): City {
  if (!/^\d{1,10}$/.test(id)) throw new Refusal(400, 'invalid-parameter', `\`${id}\` is not the id of a city; digits such as 2657896 were expected.`, field);
  return world.cities.find(Number(id)) ?? missing('city', id);
}

function missing(noun: string, id: string): never {
  throw new Refusal(404, 'not-found', `There is no ${noun} \`${id}\`.`);
}
