// A yardstick: @fastify/http-proxy as its documentation sets it up.
import proxy from '@fastify/http-proxy';
import fastify from 'fastify';

const [port, upstream] = process.argv.slice(2).map(Number);
const server = fastify({ bodyLimit: 64 * 1024 * 1024 });
await server.register(proxy, { upstream: `http://127.0.0.1:${upstream}` });
await server.listen({ host: '127.0.0.1', port: port! });
