// Entry of a gateway thread in tests.
import { workerData } from 'node:worker_threads';
import { runGatewayThread } from './gateway-thread.ts';

await runGatewayThread(workerData);
