import { settings } from '../../config.ts';
import type { SettingName } from '../../config.ts';
import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';

/** `--web-port` takes a value; each setting of config.ts is a flag. */
const settingOptions = Object.entries(settings).map(([, setting]) => ({
  flags: `${setting.flag} <value>`,
  meaning: setting.default === '' ? setting.meaning : `${setting.meaning} (default: ${setting.default})`,
  variable: setting.variable,
}));

export const start: CommandDefinition = {
  name: 'start',
  summary: 'run Portico: gateway, portal, workspace and management API',
  description: 'Runs Portico until Ctrl-C. Nothing needs to be set. Applies portico.yaml of this folder first when there is one.',
  options: [
    { flags: '--config <file>', meaning: 'Configuration to apply first (default: portico.yaml, when it exists).' },
    { flags: '--watch', meaning: 'Apply the configuration again when it or a document that it names changes.' },
    ...settingOptions,
  ],
  examples: [
    ['portico start', 'Run on ports 3000 and 8080, with portico.yaml of this folder.'],
    ['portico start --config portico.yaml --watch', 'Apply the file now and at each change.'],
    ['portico start --web-port 4000 --gateway-port 4001 --data ./data', 'Other ports, other data folder.'],
  ],
  async run({ options, context, terminal }) {
    const names = Object.keys(settings) as SettingName[];
    const flags = Object.fromEntries(names.flatMap((name) => (text(options, name) === undefined ? [] : [[name, text(options, name)]])));
    const configurationFile = text(options, 'config');
    return context.start({ flags, watch: options['watch'] === true, json: terminal.json, ...(configurationFile === undefined ? {} : { configurationFile }) });
  },
};
