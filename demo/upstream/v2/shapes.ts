import type { City } from '../world/cities.ts';
import type { Countries, Country } from '../world/countries.ts';

export function countrySummary({ alpha3, name, region, capitals }: Country): Record<string, unknown> {
  return { id: alpha3, name, region, capital: capitals[0] ?? null };
}

export function country(found: Country): Record<string, unknown> {
  return {
    id: found.alpha3,
    codes: { alpha2: found.alpha2, alpha3: found.alpha3, numeric: found.numeric },
    name: { common: found.name, official: found.officialName, native: found.nativeNames },
    capitals: found.capitals,
    region: { id: found.region.toLowerCase(), name: found.region, subregion: found.subregion },
    location: { latitude: found.latitude, longitude: found.longitude },
    areaKm2: found.areaKm2,
    landlocked: found.landlocked,
    independent: found.independent,
    unMember: found.unMember,
    currencies: found.currencies,
    languages: found.languages,
    callingCodes: found.callingCodes,
    borders: found.borders,
  };
}

export function city(found: City, { byCode }: Countries): Record<string, unknown> {
  const home = byCode.get(found.country)!;
  return {
    id: String(found.id),
    name: found.name,
    country: { id: home.alpha3, name: home.name },
    kind: found.kind,
    location: { latitude: found.latitude, longitude: found.longitude },
    population: found.population,
  };
}

export function withCountries({ countries, ...rest }: { code: string; name: string; symbol?: string; countries: Country[] }): Record<string, unknown> {
  return { ...rest, countries: countries.map(({ alpha3, name }) => ({ id: alpha3, name })) };
}
