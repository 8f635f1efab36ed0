// A policy of a producer's own: far pages belong to paid plans, and the upstream can tell that a call came through the gateway.
import { createHmac } from 'node:crypto';
import type { Policy } from 'portico/policy';

const secret = process.env['UPSTREAM_SECRET'] ?? 'only for trying out';
const freePages = 100;

export default {
  onRequest(call) {
    const page = Number(new URLSearchParams(call.query).get('page') ?? 1);
    if (call.plan === 'free' && page > freePages) {
      return { refuse: { status: 403, reason: 'page_too_far', detail: `The free plan has pages 1 to ${freePages}, and this call asks for page ${page}. Upgrade the plan, or narrow the search.` } };
    }
    const at = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', secret).update(`${at} ${call.method} ${call.path}${call.query} ${call.consumer}`).digest('hex');
    call.headers.set('X-Gateway-Signature', `t=${at},v1=${signature}`);
  },

  onResponse(answer, call) {
    answer.headers.set('X-Plan', call.plan ?? 'none');
    if (answer.status === 404) answer.headers.set('Cache-Control', 'public, max-age=60');
  },
} satisfies Policy;
