/** The part of a pino logger that metering uses. */
export interface MeteringLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
