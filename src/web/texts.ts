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
  theme: 'Colours',
  themeSystem: 'As the system',
  themeLight: 'Light',
  themeDark: 'Dark',
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
  skip: 'Skip to the content',
  main: 'Main',
  more: 'More',
  menu: 'Menu',
  account: (email: string) => `Account: ${email}`,
  apis: 'APIs',
  guides: 'Guides',
  errorCodes: 'Error codes',
  dashboard: 'Dashboard',
  keys: 'Keys',
  workspace: 'Workspace',
  portal: 'Portal',
  design: 'Design system',
  signIn: 'Sign in',
  signOut: 'Sign out',
  getKey: 'Get a key',
  forAgents: 'llms.txt',
  outbox: 'Mail outbox',
  timesIn: (zone: string) => `Times in ${zone.replaceAll('_', ' ')}, days in UTC`,
  yourRole: (role: string) => `Signed in as ${role}`,
  overview: 'Overview',
  products: 'Products',
  consumers: 'Consumers',
  requests: 'Requests',
  members: 'Members',
  system: 'System',
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
  title: 'Search',
  titleOf: (text: string) => `${text}: search`,
  label: 'Search the documentation',
  placeholder: 'Search',
  button: 'Search',
  kinds: { operation: 'Operations', schema: 'Schemas', guide: 'Guides', page: 'Pages', error: 'Error codes', product: 'APIs' },
  allKinds: 'Everything',
  filters: 'Narrow down by kind',
  product: 'API',
  allProducts: 'All APIs',
  version: 'Version',
  currentVersion: 'Current version',
  apply: 'Apply',
  found: (count: string, text: string) => `${count} for “${text}”`,
  results: 'Results',
  inVersion: (product: string, version: string) => `${product} ${version}`,
  fieldsMet: (fields: string) => `Has ${fields}`,
  deprecated: 'deprecated',
  some: (text: string) => `Nothing has all of “${text}”. These have a part of it.`,
  nearTitle: (text: string) => `Nothing matches “${text}”`,
  near: 'These come nearest:',
  none: 'Nothing comes near it either. Try the name of a resource, a path such as /cities, a field, or an error code.',
  startTitle: 'What are you looking for?',
  start: 'Type the name of an operation, a path, a field, or an error code. Typing errors are forgiven.',
  more: 'More results',
  first: 'First results',
  allResults: (count: string) => `All ${count} results`,
  listHint: 'Up and down to choose, Enter to open, Escape to close',
  countAnnounced: (count: string) => `${count} results`,
  nothingAnnounced: 'No results',
  shortcut: '/',
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
