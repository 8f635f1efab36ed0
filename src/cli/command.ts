// The one place that knows the argument parser: a command's description enters, a runnable command leaves.
import type { Command, Option } from 'commander';
import { parseDuration } from '../domain/duration.ts';
import { AppError } from '../errors.ts';
import type { CliContext } from './context.ts';
import { findTarget, managementApi } from './management-api.ts';
import type { ManagementApi } from './management-api.ts';
import { createTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface OptionDefinition {
  /** As the parser writes them: `-f, --file <path>`. */
  flags: string;
  meaning: string;
  default?: string;
  /** Environment variable that gives the same, for the help. */
  variable?: string;
  choices?: readonly string[];
  required?: boolean;
}

export type OptionValues = Record<string, string | boolean | string[] | undefined>;

export interface CommandInput {
  options: OptionValues;
  positional: string[];
  terminal: Terminal;
  context: CliContext;
  /** The running Portico. @throws AppError when its address or token cannot be told */
  api(): Promise<ManagementApi>;
}

export interface CommandDefinition {
  name: string;
  /** `<file>` */
  positional?: { name: string; meaning: string };
  summary: string;
  description: string;
  options?: OptionDefinition[];
  /** Works on a running Portico: takes --url and --data. */
  running?: boolean;
  /** At least one: what to type, and what it does. */
  examples: [string, string][];
  /** Answers the exit code, 0 when nothing. */
  run(input: CommandInput): Promise<number | void>;
}

export const exitCodes = { done: 0, failed: 1, misused: 2 } as const;
export const exitCodesHelp = 'Exit codes: 0 done, 1 refused or failed, 2 used wrongly.';

/** The command was used wrongly: exit code 2. */
export class UsageError extends AppError {
  constructor(detail: string) {
    super('input_invalid', detail);
  }
}

const runningOptions: OptionDefinition[] = [
  { flags: '--url <address>', meaning: 'Address of the running Portico (default: loopback and PORTICO_WEB_PORT).', variable: 'PORTICO_URL' },
  { flags: '--data <folder>', meaning: 'Data folder whose `admin-token` opens it, unless PORTICO_ADMIN_TOKEN is set (default: .portico).', variable: 'PORTICO_DATA' },
];

export function addCommand(parent: Command, context: CliContext, definition: CommandDefinition, finish: (code: number) => void): void {
  const command = parent.command(definition.name).summary(definition.summary).description(definition.description);
  if (definition.positional) command.argument(definition.positional.name, definition.positional.meaning);
  for (const option of [...(definition.options ?? []), ...(definition.running ? runningOptions : [])]) command.addOption(createOption(command, option));
  command.option('--json', 'Print one JSON document on standard output.');
  command.helpOption('-h, --help', 'Show this help.');
  const width = Math.max(...definition.examples.map(([line]) => line.length));
  const examples = definition.examples.map(([line, meaning]) => (width > 60 ? `  # ${meaning}\n  ${line}` : `  ${line.padEnd(width)}  ${meaning}`)).join('\n');
  command.addHelpText('after', `\nExamples:\n${examples}\n\n${exitCodesHelp}`);
  command.action(async (...given: unknown[]) => {
    const options = given.at(-2) as OptionValues;
    const input: CommandInput = {
      options, positional: given.slice(0, -2) as string[], context, terminal: createTerminal(context, options['json'] === true),
      api: async () => managementApi(await findTarget(context.environment, { ...textOption(options, 'url'), ...textOption(options, 'data') })),
    };
    finish(await definition.run(input) ?? exitCodes.done);
  });
}

function createOption(command: Command, definition: OptionDefinition): Option {
  const option = command.createOption(definition.flags, definition.variable ? `${definition.meaning} [${definition.variable}]` : definition.meaning);
  if (definition.default !== undefined) option.default(definition.default);
  if (definition.choices) option.choices(definition.choices);
  if (definition.required) option.makeOptionMandatory();
  return option;
}

function textOption<Name extends string>(options: OptionValues, name: Name): { [key in Name]?: string } {
  const value = options[name];
  return (typeof value === 'string' ? { [name]: value } : {}) as { [key in Name]?: string };
}

/** The text of an option, or undefined. */
export function text(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of an option that may be given several times (`--flag <value...>`). */
export function texts(options: OptionValues, name: string): string[] {
  const value = options[name];
  return Array.isArray(value) ? value : [];
}

/** @throws UsageError when the option is not a duration */
export function duration(options: OptionValues, name: string): number | undefined {
  const value = text(options, name);
  if (value === undefined) return undefined;
  return parseDuration(value) ?? misuse(`--${name} is "${value}", but it must be a duration such as 30m, 24h or 30d.`);
}

/** @throws UsageError when the option is not a whole number in the range */
export function whole(options: OptionValues, name: string, least: number, most: number): number | undefined {
  const value = text(options, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  return /^\d+$/.test(value) && number >= least && number <= most ? number : misuse(`--${name} is "${value}", but it must be a whole number from ${least} to ${most}.`);
}

export function misuse(detail: string): never {
  throw new UsageError(detail);
}
