// The exercises that every portal has. A producer's own set of the same id takes the place of one of these.
import type { LearnSet } from '../../domain/learn.ts';
import { setOf, type WrittenSet } from './written-learn.ts';

const apiAsAProduct: WrittenSet = {
  id: 'api-as-a-product', title: 'API as a product', published: true,
  lead: 'Five questions about what changes when an API is no longer a by-product, and who it is for.',
  terms: ['api-as-a-product', 'api-product-manager', 'api-consumer', 'developer-first-strategy', 'api-led-connectivity'],
  items: [
    {
      id: 'in-practice', question: 'A team says that it now treats its API as a product. What does that mean in practice?', read: ['api-as-a-product', 'developer-experience'],
      choices: [
        { text: 'A named owner plans it by what consumers need, and answers for how they fare', right: true, why: 'An owner, an audience and a measure of whether that audience succeeds: that is what makes anything a product. Price, portal and contract follow from it.' },
        { text: 'Every call has a price, and each team inside the company is billed for its use', why: 'Charging is one choice of a product, and many good API products are free. A price alone does not make anybody answer for what callers go through.' },
        { text: 'It is published on a gateway with keys and limits, so that use is under control', why: 'A gateway is needed to run a product safely, but it guards what is there. Nobody has yet asked what consumers want to build with it.' },
        { text: 'Its contract is generated from the code, so that the documentation is never wrong', why: 'Documentation that is true is worth a lot. Yet a contract made from the code tells what the system can do, not what a consumer came to do.' },
      ],
    },
    {
      id: 'product-manager', question: 'What does an API product manager focus on that a traditional product manager seldom has to?', read: ['api-product-manager', 'time-to-first-call'],
      choices: [
        { text: 'On a contract that other people\'s code depends on, and how it may change', right: true, why: 'A button can move overnight. A field that was renamed overnight stops the software of strangers, so compatibility, notice and versions are product decisions here.' },
        { text: 'On the speed of the servers, and how latency compares with rival products', why: 'Latency matters, and engineers watch it. Developers judge at least as much by whether the first call works and whether next month\'s does too.' },
        { text: 'On what end users click in each app, and which habits decide what is built', why: 'The apps belong to the consumers, who know their users better. The API\'s own users are the developers who build those apps.' },
        { text: 'On a long list of features, and how they make up for the missing screens', why: 'Each operation is a promise that has to be kept for years. A small contract that carries many uses beats a wide one that carries few.' },
      ],
    },
    {
      id: 'consumer', question: 'A travel site\'s developers call your weather API to show forecasts to holiday makers. Who is the API consumer in the economics of your API?', read: ['api-consumer', 'api-producer'],
      choices: [
        { text: 'The travel site, which chose the API, holds the keys and pays the bill', right: true, why: 'The consumer is the party that decides for the API and answers for its calls. What it earns with them, from its own customers, is what it can afford to pay you.' },
        { text: 'The holiday makers, whose looking at forecasts causes each of the calls', why: 'They cause the calls, but they neither know nor choose your API. They are your consumer\'s customers, one step further along the chain of value.' },
        { text: 'The developer who signed up first, and in whose name the account stands', why: 'Developers act for the consumer, and winning them decides much. When they change jobs, keys, plan and bill stay with the travel site.' },
        { text: 'The site\'s server, which sends the calls and reads all of the answers', why: 'A program sends every call of every API. Economics asks who gets worth out of them and pays for it, and a server does neither.' },
      ],
    },
    {
      id: 'developer-first', question: 'What does a developer-first strategy mean for how an API earns money?', read: ['developer-first-strategy', 'free-tier', 'product-led-growth'],
      choices: [
        { text: 'Starting is free and prices are public; payment follows once worth is proven', right: true, why: 'The developer tries, and proves the case with something that runs. Revenue grows with use, so the price has to be one that can be worked out in advance.' },
        { text: 'Developers never pay; the API earns by selling data on its use to advertisers', why: 'That would sell the trust the strategy lives on. Developer-first is about who is convinced first, not about keeping the product free for ever.' },
        { text: 'A yearly contract comes first, and developers get their keys once it is signed', why: 'That is the opposite order: whoever signs has to decide before anybody on their side has seen a single call succeed.' },
        { text: 'Each feature is sold by itself, so that developers choose exactly what they call', why: 'Many small purchases make each new idea a request for budget. Developers want to try things without asking, and to know the bill beforehand.' },
      ],
    },
    {
      id: 'api-led', question: 'What does API-led connectivity describe?', read: ['api-led-connectivity', 'system-api', 'process-api', 'experience-api'],
      choices: [
        { text: 'Reusable APIs in three layers: for systems, for processes and for experiences', right: true, why: 'System APIs open what is stored, Process APIs hold what the business does, Experience APIs fit one channel. What is built once is composed again and again.' },
        { text: 'One central bus through which each system sends its messages to all the others', why: 'That is the older enterprise service bus. Rules gather in the middle, where every change waits for the same team; layers of APIs were the reply to that.' },
        { text: 'A direct API between each pair of systems, agreed upon by the two teams alone', why: 'Point-to-point links are quick at first, but ten systems make up to 45 of them, and none is of any use to the eleventh.' },
        { text: 'A gateway that turns the calls of each client into queries on a single database', why: 'A shared database ties everybody to one schema. The idea is the reverse: systems stay apart, and contracts stand between them.' },
      ],
    },
  ],
};

const readingAnswers: WrittenSet = {
  id: 'reading-answers', title: 'Errors, limits and versions', published: true,
  lead: 'How to read what this portal\'s APIs tell you when something is refused, used up or about to end.',
  terms: ['rate-limit', 'quota', 'idempotency', 'deprecation-policy', 'sunset'],
  items: [
    {
      id: 'problem', question: 'A call is refused with `application/problem+json`. What should your program branch on?', read: [{ label: 'All error codes', to: '/errors' }],
      choices: [
        { text: 'On `code`, which stays the same for the same refusal', right: true, why: 'Codes are part of the contract, and each has a page under [/errors](/errors) that says what to do. `type` is the address of that very page.' },
        { text: 'On `detail`, since it says most exactly what is wrong', why: '`detail` is for people. It names what was sent and what to do next, and its words may be made clearer at any time.' },
        { text: 'On `status`, since every refusal has one of its own', why: 'Several refusals share a status: a missing key, a revoked one and an expired one are all 401, and only one is mended by a new key.' },
        { text: 'On `requestId`, which names the kind of the refusal', why: 'It names this one call. Log it and quote it to support: with it the call is found in the log in a moment, on both sides.' },
      ],
    },
    {
      id: 'rate-or-quota', question: 'Two calls got 429. One says `rate_limited`, the other `quota_exhausted`. What do you do?', read: ['rate-limit', 'quota', { label: 'The error rate_limited', to: '/errors/rate_limited' }],
      choices: [
        { text: 'Wait and retry the first; for the second await the reset, or change plans', right: true, why: 'A rate passes within seconds, and `Retry-After` says when. A quota is of a day or a month: to hammer on changes nothing, while a larger plan does at once.' },
        { text: 'Retry both at once; the server was briefly overloaded and has room again by now', why: 'Overload is 503. A 429 is about your own calls, and those that are refused do not bring the limit back any sooner.' },
        { text: 'Wait a minute for both; every kind of limit is counted minute by minute', why: 'Each policy has its own window. It stands in `RateLimit-Policy` as `w`, in seconds: 1 for a burst, some 2.6 million for a month.' },
        { text: 'Ask for a new key for each of them; limits are counted for every single key', why: 'Limits belong to the subscription, and all of its keys share them. A further key gets the same answer.' },
      ],
    },
    {
      id: 'reset', question: 'An answer carries `RateLimit: "burst";r=4;t=1, "monthly";r=9310;t=733000`. When does your monthly quota reset?', read: ['quota', { label: 'Your limits', to: '/dashboard' }],
      choices: [
        { text: 'In 733,000 seconds, about eight and a half days', right: true, why: '`t` counts seconds to the reset, and `r` is what remains until then. So you need no table of dates, and no clock that agrees with the server\'s.' },
        { text: 'At 733,000, read as a timestamp in seconds since 1970', why: 'That would be nine days after New Year 1970. Seconds to go are used because they hold even where the clocks of both sides differ.' },
        { text: 'After a further 9,310 calls, which is what `r` counts', why: '`r` is how many calls remain. A quota that is used up does not reset by itself before its time.' },
        { text: 'One second after this call, as `t=1` says about limits', why: 'That `t` stands with `"burst"`. Each policy has its own pair of `r` and `t`, separated by commas.' },
      ],
    },
    {
      id: 'deprecation', question: 'Answers suddenly carry `Deprecation: @1788220800` and `Sunset: Mon, 01 Mar 2027 00:00:00 GMT`. What has changed?', read: ['deprecation-policy', 'sunset'],
      choices: [
        { text: 'Calls still work; move to the version in `Link` by March 2027', right: true, why: 'A deprecated version answers as before until its sunset. `Link` with `rel="successor-version"` leads to the one to move to.' },
        { text: 'The version has been retired; what you see are cached old answers', why: 'A retired version answers 410 with `version_retired`. As long as you get results, the version is being served.' },
        { text: 'The key expires in March 2027, and has to be rolled before then', why: 'Both headers speak of the version, whatever the key. An expired key is refused with 401 and `key_expired`.' },
        { text: 'Limits shrink from now until March 2027, to make callers leave', why: 'Your plan and its limits stay as they are. Some producers do announce short brownouts; those answer 503 with `version_brownout`.' },
      ],
    },
    {
      id: 'which-401', question: 'A key that worked for a year gets 401. Which finding tells you that it was mistyped on its way into the configuration?', read: [{ label: 'The error key_malformed', to: '/errors/key_malformed' }, { label: 'Your keys', to: '/dashboard/keys' }],
      choices: [
        { text: '`key_malformed`: the checksum in the key does not fit the rest', right: true, why: 'The last characters of a key follow from those before. A letter that was lost or changed shows at once, without any look-up.' },
        { text: '`key_unknown`: nobody has been given a key that reads like this', why: 'A key with a sound checksum that is not known here comes from another portal, or from before a reset. A typing error would not have passed the checksum.' },
        { text: '`key_revoked`: the key has been taken back and opens nothing now', why: 'That one was typed correctly: it was found, and somebody has revoked it. The keys page says who and when.' },
        { text: '`key_missing`: the call carried no key where one was expected', why: 'The header is absent, or is named differently from what the gateway reads. A wrong key would have been looked at and refused as such.' },
      ],
    },
  ],
};

export const shippedSets: readonly LearnSet[] = [apiAsAProduct, readingAnswers].map(setOf);
