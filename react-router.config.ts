import type { Config } from '@react-router/dev/config';

export default {
  appDirectory: 'src/web',
  buildDirectory: 'build',
  ssr: true,
  routeDiscovery: { mode: 'initial' },
  // The root middleware checks the origin of every form itself, and knows the public address behind a proxy.
  allowedActionOrigins: ['**'],
} satisfies Config;
