// What control offers to its callers: the management API, the portal and the workspace. One interface per noun in services/; each
// folder beside it implements its own. Every method checks the actor's rights itself and throws AppError.
import type { Accounts } from './services/accounts.ts';
import type { Adoption } from './services/adoption.ts';
import type { Audit } from './services/audit.ts';
import type { Configuration } from './services/configuration.ts';
import type { Consumers } from './services/consumers.ts';
import type { Content } from './services/content.ts';
import type { Documentation } from './services/documentation.ts';
import type { Feedback } from './services/feedback.ts';
import type { Keys } from './services/keys.ts';
import type { Mail } from './services/mail.ts';
import type { Notices } from './services/notices.ts';
import type { OperationsService } from './services/operations.ts';
import type { Plans } from './services/plans.ts';
import type { Products } from './services/products.ts';
import type { Reference } from './services/reference.ts';
import type { Requests } from './services/requests.ts';
import type { Search } from './services/search.ts';
import type { Tokens } from './services/tokens.ts';
import type { Usage } from './services/usage.ts';
import type { Viewing } from './services/viewing.ts';

export type * from './services/accounts.ts';
export type * from './services/actor.ts';
export type * from './services/adoption.ts';
export type * from './services/audit.ts';
export type * from './services/configuration.ts';
export type * from './services/consumers.ts';
export type * from './services/content.ts';
export type * from './services/documentation.ts';
export type * from './services/feedback.ts';
export type * from './services/keys.ts';
export type * from './services/mail.ts';
export type * from './services/notices.ts';
export type * from './services/operations.ts';
export type * from './services/plans.ts';
export type * from './services/products.ts';
export type * from './services/reference.ts';
export type * from './services/requests.ts';
export type * from './services/search.ts';
export type * from './services/tokens.ts';
export type * from './services/usage.ts';
export type * from './services/viewing.ts';
export type { Right } from './rights.ts';
export type { ProductConfig } from '../domain/config.ts';

export interface Services {
  accounts: Accounts;
  products: Products;
  reference: Reference;
  plans: Plans;
  consumers: Consumers;
  keys: Keys;
  tokens: Tokens;
  usage: Usage;
  requests: Requests;
  notices: Notices;
  adoption: Adoption;
  configuration: Configuration;
  content: Content;
  audit: Audit;
  viewing: Viewing;
  operations: OperationsService;
  mail: Mail;
  search: Search;
  documentation: Documentation;
  feedback: Feedback;
}
