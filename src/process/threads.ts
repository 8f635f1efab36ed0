import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';

export type ThreadName = 'gateway-thread' | 'ingest' | 'contract' | 'search' | 'answers' | 'cards' | 'policy' | 'replay';
export type StartThread = (name: ThreadName, data: unknown, options?: Pick<WorkerOptions, 'resourceLimits' | 'transferList'>) => Worker;

/** Threads start from the entry module, like every process, so that nothing else needs to know where the program lies. */
export function threadStarter(entry: URL): StartThread {
  return (name, data, options = {}) => new Worker(entry, { ...options, workerData: { thread: name, data } });
}

/** The body of the thread that this module runs in. */
export async function runThread({ thread, data }: { thread: ThreadName; data: unknown }): Promise<void> {
  switch (thread) {
    case 'gateway-thread': {
      const { runGatewayThread } = await import('../gateway/gateway-thread.ts');
      return runGatewayThread(data as Parameters<typeof runGatewayThread>[0]);
    }
    case 'ingest': {
      const { runIngest } = await import('./ingest.ts');
      return runIngest(data as Parameters<typeof runIngest>[0]);
    }
    case 'contract': {
      const { runContractLoad } = await import('./contract-loader.ts');
      return runContractLoad(data as Parameters<typeof runContractLoad>[0]);
    }
    case 'search': {
      const { runSearchIndex } = await import('./search-indexer.ts');
      return runSearchIndex(data as Parameters<typeof runSearchIndex>[0]);
    }
    case 'answers': {
      const { runAnswerChecks } = await import('./answer-checker.ts');
      return runAnswerChecks();
    }
    case 'cards': {
      const { runCardDrawing } = await import('./card-drawer.ts');
      return runCardDrawing();
    }
    case 'replay': {
      const { runPriceReplay } = await import('./price-replayer.ts');
      return runPriceReplay(data as Parameters<typeof runPriceReplay>[0]);
    }
    case 'policy': {
      const { runPolicyCompile } = await import('./policy-compiler.ts');
      return runPolicyCompile(data as Parameters<typeof runPolicyCompile>[0]);
    }
  }
}
