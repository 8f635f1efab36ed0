// Arguments enter, an exit code leaves. One file per command in commands/.
import { Command, CommanderError } from 'commander';
import { AppError, errorCatalogue, isAppError } from '../errors.ts';
import { addCommand, exitCodes, exitCodesHelp, UsageError } from './command.ts';
import type { CommandDefinition } from './command.ts';
import { adoption } from './commands/adoption.ts';
import { apply } from './commands/apply.ts';
import { backup } from './commands/backup.ts';
import { exportConfiguration } from './commands/export.ts';
import { init } from './commands/init.ts';
import { invoicesCredit, invoicesFinalise, invoicesPay, invoicesVoid } from './commands/invoices-change.ts';
import { invoicesList } from './commands/invoices-list.ts';
import { invoicesReconcile } from './commands/invoices-reconcile.ts';
import { invoicesRun } from './commands/invoices-run.ts';
import { invoicesShow } from './commands/invoices-show.ts';
import { keysCreate } from './commands/keys-create.ts';
import { keysList } from './commands/keys-list.ts';
import { keysRevoke } from './commands/keys-revoke.ts';
import { keysRoll } from './commands/keys-roll.ts';
import { learnCheck } from './commands/learn-check.ts';
import { learnStatistics } from './commands/learn-statistics.ts';
import { paymentsCollect, paymentsEvents, paymentsMethod, paymentsRetry } from './commands/payments.ts';
import { planRequestsApprove, planRequestsDecline } from './commands/plan-requests-decide.ts';
import { couponsArchive, couponsCreate, couponsList } from './commands/coupons.ts';
import { consumersList } from './commands/consumers-list.ts';
import { creditsGrant } from './commands/credits-grant.ts';
import { creditsList } from './commands/credits-list.ts';
import { subscriptionsBill } from './commands/subscriptions-bill.ts';
import { subscriptionsCap } from './commands/subscriptions-cap.ts';
import { subscriptionsChange, subscriptionsPreview } from './commands/subscriptions-change.ts';
import { subscriptionsCreate } from './commands/subscriptions-create.ts';
import { subscriptionsCancel, subscriptionsResume } from './commands/subscriptions-end.ts';
import { subscriptionsList } from './commands/subscriptions-list.ts';
import { planRequestsList } from './commands/plan-requests-list.ts';
import { price } from './commands/price.ts';
import { requests } from './commands/requests.ts';
import { rollOut } from './commands/roll-out.ts';
import { simulate } from './commands/simulate.ts';
import { restore } from './commands/restore.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { tokensBind, tokensUnbind } from './commands/tokens-bind.ts';
import { tokensList } from './commands/tokens-list.ts';
import { usage } from './commands/usage.ts';
import { revenue } from './commands/revenue.ts';
import type { CliContext } from './context.ts';
import { errorDocument, errorLines } from './report-error.ts';

/** Words that stand before a command. */
export const commandGroups = ['consumers', 'keys', 'tokens', 'plan-requests', 'subscriptions', 'credits', 'coupons', 'invoices', 'payments', 'learn'] as const;
type CommandGroup = (typeof commandGroups)[number];

/** Every command by its group; '' is the top. */
export const commands: Record<'' | CommandGroup, CommandDefinition[]> = {
  '': [init, start, apply, exportConfiguration, usage, requests, adoption, revenue, price, simulate, rollOut, status, backup, restore],
  consumers: [consumersList],
  keys: [keysCreate, keysList, keysRoll, keysRevoke],
  tokens: [tokensBind, tokensList, tokensUnbind],
  'plan-requests': [planRequestsList, planRequestsApprove, planRequestsDecline],
  subscriptions: [subscriptionsList, subscriptionsCreate, subscriptionsBill, subscriptionsPreview, subscriptionsChange, subscriptionsCancel, subscriptionsResume, subscriptionsCap],
  credits: [creditsGrant, creditsList],
  coupons: [couponsCreate, couponsList, couponsArchive],
  invoices: [invoicesRun, invoicesList, invoicesShow, invoicesFinalise, invoicesPay, invoicesVoid, invoicesCredit, invoicesReconcile],
  payments: [paymentsMethod, paymentsCollect, paymentsEvents, paymentsRetry],
  learn: [learnCheck, learnStatistics],
};

/** The command line. `run` takes the arguments after the program's name, prints, and resolves to the exit code; it never throws. */
export function createProgram(context: CliContext): { run(args: string[]): Promise<number> } {
  return {
    async run(args) {
      let code: number = exitCodes.done;
      const program = buildProgram(context, (value) => { code = value; });
      try {
        await program.parseAsync(args, { from: 'user' });
        return code;
      } catch (error) {
        return reportFailure(context, error, args);
      }
    },
  };
}

function buildProgram(context: CliContext, finish: (code: number) => void): Command {
  const program = new Command('portico');
  program
    .description('Turns an API into a product: gateway, developer portal, metering, pricing and adoption.')
    .version(context.version, '-V, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show help.')
    .helpCommand('help [command]', 'Show the help of a command.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // Errors are reported where they are caught; what remains is help after a wrong use.
      writeErr: (text) => context.stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(context.stdout.columns ?? 100, 120),
      getErrHelpWidth: () => Math.min(context.stderr.columns ?? 100, 120),
    })
    .addHelpText('after', `\nExamples:\n  portico init --openapi ./openapi.yaml --upstream http://127.0.0.1:4010\n  portico start\n  portico keys create --product pets --plan free --email dev@example.com\n\nCommands on a running Portico find it by PORTICO_URL, else on loopback at PORTICO_WEB_PORT (3000).\n${exitCodesHelp}`);
  const groupOf = (name: CommandGroup, summary: string, description: string): Command => {
    const group = new Command(name).summary(summary).description(description).copyInheritedSettings(program).helpCommand(false).helpOption('-h, --help', 'Show help.').addHelpText('after', `\n${exitCodesHelp}`);
    for (const definition of commands[name]) addCommand(group, context, definition, finish);
    return group;
  };
  for (const definition of commands['']) {
    addCommand(program, context, definition, finish);
    if (definition !== exportConfiguration) continue;
    program.addCommand(groupOf('consumers', 'list consumers', 'Consumers, the accounts of developers: list them.'));
    program.addCommand(groupOf('keys', 'make, list, roll and revoke keys', 'Keys of consumers: make, list, roll and revoke them.'));
    program.addCommand(groupOf('tokens', 'bind tokens of other issuers to keys', 'Tokens of other issuers: bind whom they name to a key, list and unbind.'));
    program.addCommand(groupOf('plan-requests', 'list, approve and decline plans with approval', 'Plans with approval that consumers asked for: list, approve and decline them.'));
    program.addCommand(groupOf('subscriptions', 'plans of consumers: list, bill, change, cancel, cap', 'Subscriptions of consumers: list and create them, show their bills, change and cancel them, set a spend cap.'));
    program.addCommand(groupOf('credits', 'grant and list prepaid credit', 'Prepaid credit of consumers: grant and list it.'));
    program.addCommand(groupOf('coupons', 'make, list and archive coupons', 'Coupons: make, list and archive them.'));
    program.addCommand(groupOf('invoices', 'bill, list, show and settle invoices', 'Invoices: run the billing, list, show and settle them, compare them with what was counted.'));
    program.addCommand(groupOf('payments', 'collect invoices, and see what the provider reported', 'Payments through a provider: how consumers pay, declined invoices, reports.'));
    program.addCommand(groupOf('learn', 'check exercises, and see how readers fare', 'What the portal teaches: check its files, and see how readers fare with it.'));
  }
  return program;
}

function reportFailure(context: CliContext, error: unknown, args: string[]): number {
  const json = args.includes('--json');
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done;
    // Help shown for want of a command is a wrong use too, and has already said all.
    if (error.code === 'commander.help') return exitCodes.misused;
    report(context, new UsageError(error.message.replace(/^error: /, '').replaceAll('\n', ' ')), json);
    context.stderr.write(`See \`${nameOf(args)} --help\`.\n`);
    return exitCodes.misused;
  }
  const refusal = isAppError(error) ? error : new AppError('internal', `${error instanceof Error ? error.message : String(error)}. This is a fault of Portico itself.`, { cause: error });
  report(context, refusal, json);
  if (refusal.code === 'internal' && context.environment['PORTICO_LOG_LEVEL'] === 'debug' && error instanceof Error) context.stderr.write(`${error.stack}\n`);
  if (!(error instanceof UsageError)) return exitCodes.failed;
  context.stderr.write(`See \`${nameOf(args)} --help\`.\n`);
  return exitCodes.misused;
}

/** `portico keys create`: the words at the front that name a command. */
function nameOf([first = '', second = '']: string[]): string {
  const group = commandGroups.find((name) => name === first);
  if (group) return commands[group].some(({ name }) => name === second) ? `portico ${group} ${second}` : `portico ${group}`;
  return commands[''].some(({ name }) => name === first) ? `portico ${first}` : 'portico';
}

function report(context: CliContext, error: AppError, json: boolean): void {
  if (json) context.stdout.write(`${JSON.stringify(errorDocument(error, errorCatalogue[error.code]), null, 2)}\n`);
  for (const line of errorLines(error)) context.stderr.write(`${line}\n`);
}
