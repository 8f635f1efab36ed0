// The glossary that every portal has. A producer's own term of the same id takes the place of one of these.
import type { LearnTerm } from '../../domain/learn.ts';
import { termOf, type WrittenTerm } from './written-learn.ts';

const trade: WrittenTerm[] = [
  {
    id: 'api-as-a-product', name: 'API as a product', also: ['APIs as products'], related: ['api-product-manager', 'api-consumer', 'developer-experience'],
    definition: 'An API that is built and run for the people who call it, as any product is for its customers. It has an owner, a price or a plan, a promise about change, and numbers that say whether people succeed with it. The opposite is an API that falls out of a project: it works, but nobody is answerable for how it feels to start with it.',
    example: 'When shipping rates became an API as a product, the first thing we wrote was not code but the page that a newcomer reads.',
  },
  {
    id: 'api-product-manager', name: 'API product manager', related: ['api-as-a-product', 'developer-experience', 'time-to-first-call'],
    definition: 'Whoever decides what an API offers, to whom, at what price and with which promises. The users are developers and the interface is a contract, so the work lies in names, errors, limits, versions and documentation more than in screens, and what has once been published cannot quietly be taken back.',
    example: 'Our API product manager turned down the new field, because its name would have had to change again in the spring.',
  },
  {
    id: 'api-consumer', name: 'API consumer', also: ['API consumers'], related: ['api-producer', 'active-developer', 'developer-experience'], live: 'account',
    definition: 'The party that calls an API and answers for the calls: a company, a team or a single person. It holds the keys, agrees to a plan and pays the bill. The people whose finger is on the button of the finished app are its customers, not the API\'s.',
    example: 'Three developers share one key there, but the API consumer, and the name on the invoice, is their employer.',
  },
  {
    id: 'api-producer', name: 'API producer', also: ['API producers', 'API provider'], related: ['api-consumer', 'api-as-a-product'],
    definition: 'The party that offers an API and keeps its promises: that it answers, that its contract holds, and that changes are announced in time. Inside a large company one team is the producer and another the consumer of the very same API.',
    example: 'As the API producer we learned of the outage from our own monitoring, four minutes before the first consumer wrote.',
  },
  {
    id: 'developer-first-strategy', name: 'Developer-first strategy', also: ['developer-first'], related: ['product-led-growth', 'free-tier', 'developer-experience'],
    definition: 'To win the people who build before the people who sign. Documentation is open, a key takes a minute, the first calls are free and prices are public, so that a developer can prove the worth of an API alone. Whoever pays is asked once there is something to show.',
    example: 'With a developer-first strategy our sales team never pitched the API; they answered mail from people whose prototype already ran.',
  },
  {
    id: 'developer-experience', name: 'Developer experience', also: ['DX'], related: ['time-to-first-call', 'api-as-a-product', 'developer-relations'],
    definition: 'How it is to work with an API, from the first search to the call that fails at three in the morning. Good names, answers that are all alike, errors that say what to do, examples that run when pasted: each saves minutes, for everybody, every day.',
    example: 'We put the request id into every error for the sake of developer experience, and support now needs one message instead of five.',
  },
  {
    id: 'time-to-first-call', name: 'Time to first call', also: ['TTFC'], related: ['developer-experience', 'active-developer', 'product-led-growth'], live: 'first-call',
    definition: 'How long it takes from signing up to the first call that succeeds, from the developer\'s own code. It adds up everything that stands in the way: reading, getting a key, the header nobody mentioned. Calls that failed do not end the wait, and those who never succeed are counted beside it, not left out.',
    example: 'Half of our newcomers have a time to first call under five minutes; the other half meet the same missing header.',
  },
  {
    id: 'api-led-connectivity', name: 'API-led connectivity', related: ['system-api', 'process-api', 'experience-api'],
    definition: 'A way to connect the systems of a company through APIs that are made to be used again, in three layers: System APIs open what is stored, Process APIs carry out what the business does, Experience APIs serve one channel each. A new app then composes what exists instead of wiring itself to every database.',
    example: 'Because of API-led connectivity the new kiosk needed one Experience API; stock, prices and customers were there already.',
  },
  {
    id: 'system-api', name: 'System API', also: ['System APIs'], related: ['process-api', 'experience-api', 'api-led-connectivity'],
    definition: 'An API in front of one system of record, such as the ledger or the warehouse. It hides how that system is spoken to, so that the system can be replaced without those above noticing. It says what is, and leaves what it means to others.',
    example: 'We swapped the warehouse software in a weekend, since only the System API ever spoke to it.',
  },
  {
    id: 'process-api', name: 'Process API', also: ['Process APIs'], related: ['system-api', 'experience-api', 'api-led-connectivity'],
    definition: 'An API for something that the business does, such as placing an order, whatever the channel. It calls several System APIs, holds the rules between them, and knows nothing of screens.',
    example: 'Returns used to differ between the shop and the phone line, until both called the same Process API.',
  },
  {
    id: 'experience-api', name: 'Experience API', also: ['Experience APIs'], related: ['process-api', 'system-api', 'api-led-connectivity'],
    definition: 'An API shaped for one channel or audience: the answer for a watch is smaller than the one for a website. It rearranges and trims what the layers below give, and adds no business rules of its own.',
    example: 'The mobile Experience API sends one page in one answer, where the website makes six calls.',
  },
];

const promises: WrittenTerm[] = [
  {
    id: 'deprecation-policy', name: 'Deprecation policy', related: ['sunset', 'api-producer'], live: 'versions',
    definition: 'What a producer promises about taking things away: how consumers are told, how long the old keeps working beside the new, and who helps with the move. A deprecated version still answers; its answers carry a `Deprecation` header, so that programs notice what their owners did not read.',
    example: 'Their deprecation policy gave us 180 days, which is two of our release cycles.',
  },
  {
    id: 'sunset', name: 'Sunset', related: ['deprecation-policy'], live: 'versions',
    definition: 'The moment at which a version stops answering. It is a date, announced long before, and it stands in the `Sunset` header of every answer until then. Deprecation says "please leave"; the sunset is when the doors close.',
    example: 'The sunset of v1 is the first of March, and nine of our forty consumers still call it.',
  },
  {
    id: 'pricing-tier', name: 'Pricing tier', also: ['pricing tiers'], related: ['free-tier', 'quota', 'developer-first-strategy'], live: 'plans',
    definition: 'One of the offers that an API is sold in, with its fee, its limits and what it opens. Here it is called a plan. The same words also name a band of usage within one price: the first million calls at one rate, those beyond at another.',
    example: 'We moved to the next pricing tier when the nightly import outgrew the burst limit.',
  },
  {
    id: 'free-tier', name: 'Free tier', also: ['free plan'], related: ['pricing-tier', 'quota', 'product-led-growth'], live: 'plans',
    definition: 'A plan that costs nothing, with limits that allow learning and small projects. It is paid for by those who grow out of it, so a good one is large enough to prove the worth of the API and too small to run a business on.',
    example: 'The prototype ran on the free tier for a year before the first real user came.',
  },
  {
    id: 'rate-limit', name: 'Rate limit', also: ['rate limits', 'rate limiting'], related: ['quota', 'idempotency'], live: 'limits',
    definition: 'How many calls are let through in a short time, such as a second or a minute. It protects the API from bursts and passes by itself: a call beyond it is answered with 429 and a `Retry-After` header that says when to try again.',
    example: 'We sorted the import by country and slept between pages, and never met the rate limit again.',
  },
  {
    id: 'quota', name: 'Quota', also: ['quotas'], related: ['rate-limit', 'pricing-tier'], live: 'limits',
    definition: 'How much may be used in a long time, such as a day or a month. Unlike a rate limit it does not come back after a pause: once it is used up, it is a matter of the plan. The `RateLimit` header of every answer says what is left and when it resets.',
    example: 'A forgotten loop used up the monthly quota on the third, and the rest of the month was quiet.',
  },
  {
    id: 'idempotency', name: 'Idempotency', also: ['idempotent'], related: ['rate-limit', 'webhook'],
    definition: 'That doing something twice has the same effect as doing it once. `GET`, `PUT` and `DELETE` are meant to be so. A `POST` becomes so through a key that the caller chooses: the server recognises the second attempt and answers as it did the first time, so that a lost answer can simply be asked for again.',
    example: 'Thanks to idempotency we retry every timed-out payment without asking whether the money has moved.',
  },
  {
    id: 'webhook', name: 'Webhook', also: ['webhooks'], related: ['idempotency', 'api-producer'],
    definition: 'A call in the other direction: the producer calls an address of the consumer when something happens, so that nobody has to keep asking. The receiver checks the signature, answers quickly, and expects the same event twice, since an answer that was lost is sent again.',
    example: 'We replaced a poll every ten seconds with one webhook, and the calls of a day fell from 8,640 to twelve.',
  },
];

const growth: WrittenTerm[] = [
  {
    id: 'integration-depth', name: 'Integration depth', related: ['active-developer', 'customer-success'],
    definition: 'How much of an API a consumer has built on: the number of operations that it calls steadily, not once out of curiosity. Whoever uses one operation can leave in an afternoon; whoever uses nine has made the API a part of their own product.',
    example: 'Their calls did not grow this quarter, but their integration depth went from two operations to seven.',
  },
  {
    id: 'active-developer', name: 'Active developer', also: ['active developers'], related: ['time-to-first-call', 'integration-depth'], live: 'keys',
    definition: 'A developer whose key made at least one successful live call in the period. Sign-ups, page views and calls in test mode do not count: they say that somebody came, not that the API is used.',
    example: 'Of 900 sign-ups 140 became active developers, and that is the number we report.',
  },
  {
    id: 'developer-relations', name: 'Developer relations', also: ['DevRel'], related: ['developer-experience', 'customer-success'],
    definition: 'The people who speak with developers in both directions: they write, show and answer, and they bring back what hurts. Measured by whether newcomers succeed, not by how many came to the talk.',
    example: 'Developer relations brought home from every conference the same complaint about our date format, until we mended it.',
  },
  {
    id: 'customer-success', name: 'Customer success', related: ['integration-depth', 'developer-relations'],
    definition: 'To see to it that those who pay reach what they came for, before they ask. For an API that means reading usage: a consumer whose errors rise or whose calls fall is written to while there is still something to mend.',
    example: 'Customer success called on the day their 401s began, and it was a key that had expired.',
  },
  {
    id: 'product-led-growth', name: 'Product-led growth', also: ['PLG'], related: ['free-tier', 'developer-first-strategy', 'time-to-first-call'],
    definition: 'Growth in which the product does the selling: people start by themselves, find it useful, use more and bring others. For an API it asks for a free tier, a short time to first call, and limits that are met just when the use is worth paying for.',
    example: 'Nobody ever sold us that API; it was product-led growth, one cron job at a time.',
  },
];

export const shippedTerms: readonly LearnTerm[] = [...trade, ...promises, ...growth].map(termOf);
