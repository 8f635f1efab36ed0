import { AppError } from '../errors.ts';

/**
 * Postgres has no character NUL in its text, and SQLite ends some of its functions at one: on both, what somebody sent with one is refused before a statement sees it.
 * @throws AppError `input_invalid`
 */
export function refuseNul(parameters: readonly unknown[]): void {
  for (const value of parameters) {
    if (typeof value === 'string' && value.includes('\0')) throw new AppError('input_invalid', 'What was sent holds the character NUL (U+0000), which no name, text or address here may hold. Send it without.');
  }
}
