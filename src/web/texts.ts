// Every word that pages say, so that a translation is one file. Sentences with a gap are functions; the catalogue of errors
// has its own words in errors.ts. One constant per part of the site, in the order of routes.ts.

const ui = {
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
