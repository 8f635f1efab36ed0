// Every word that pages say, so that a translation is one file. Sentences with a gap are functions; the catalogue of errors
// has its own words in errors.ts. One constant per part of the site, in the order of routes.ts.

const ui = {
  sortBy: ', sort',
  pages: 'Pages',
  pagesNewest: { first: 'Newest', next: 'Older' },
  pagesForward: { first: 'First', next: 'Next' },
  filters: 'Filter',
  show: 'Show',
  loading: 'Loading',
  clearFilters: 'Clear',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  language: 'Language',
  total: 'Total',
  callsPerDay: 'calls per day',
  callsPerHour: 'calls per hour',
  share: 'Share',
  periodBefore: 'Period before',
  asTable: 'Show as a table',
  dayUtc: 'Day (UTC)',
  fromTime: (zone: string) => `From (${zone})`,
  tableOf: (title: string, unit: string) => `${title}, ${unit}`,
  unitAndZone: (unit: string, zone: string) => `${unit}, ${zone}`,
  plotLabel: (title: string, unit: string) => `${title}, ${unit}. Left and right arrows move through it.`,
};

const layout = {
};

const home = {
};

const article = {
};

const account = {
};

const firstCall = {
};

const product = {
};

const reference = {
};

const tryIt = {
};

const search = {
};

const dashboard = {
};

const workspace = {
};

const workspaceProducts = {
};

const workspacePlans = {
};

const workspaceConsumers = {
};

const workspaceAudit = {
};

const workspaceSettings = {
};

const palette = {
};

const documentationRuns = {
};

export const texts = {
  ui, layout, home, article, account, firstCall, product, reference, tryIt, search, dashboard,
  workspace, workspaceProducts, workspacePlans, workspaceConsumers, workspaceAudit, workspaceSettings, palette, documentationRuns,
};
