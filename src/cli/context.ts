import type { OfferedPlan } from '../domain/config.ts';
import type { Config, SettingName } from '../config.ts';

/** What the command line needs of a stream that it writes to. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface StartInput {
  flags: Partial<Record<SettingName, string>>;
  /** As given with --config. */
  configurationFile?: string;
  watch: boolean;
  /** Standard output must be one JSON document. */
  json: boolean;
}

/** What surrounds the command line: given by whoever runs it, so that tests and the packed program run the same code. */
export interface CliContext {
  version: string;
  environment: Record<string, string | undefined>;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: Output;
  stderr: Output;
  /** Runs Portico until it is told to stop; answers the exit code. @throws AppError `start_refused` */
  start(input: StartInput): Promise<number>;
  /** Unpacks a backup into the empty data folder of a stopped Portico. @throws AppError with what prevents it */
  restoreInto(input: { file: string; config: Config }): Promise<void>;
  /** Every plan of a portico.yaml, or the one plan that the text is, checked by the rules of portico.yaml. @throws AppError `config_invalid` with the place of every mistake */
  readPlans(input: { file: string; text: string }): Promise<OfferedPlan[]>;
}
