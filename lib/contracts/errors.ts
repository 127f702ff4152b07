/**
 * Every error a client can meet: code → HTTP status and English text. Codes name the rule broken; clients translate by code and `details`.
 * `{name}` in a text is filled from `details`. Adding one here is adding to the public API (docs/errors.md is checked against this table).
 */
export const errorTable = {
  // any route
  VALIDATION_FAILED: [400, 'The request does not fit the schema: {where} {problem}.'],
  MALFORMED_JSON: [400, 'The body is not valid JSON.'],
  UNAUTHENTICATED: [401, 'Log in first.'],
  TOKEN_EXPIRED: [401, 'The session has expired; refresh it or log in again.'],
  FORBIDDEN: [403, 'Your role does not allow this.'],
  NOT_FOUND: [404, 'There is nothing here.'],
  METHOD_NOT_ALLOWED: [405, 'This address does not take that method.'],
  BODY_TOO_LARGE: [413, 'The body is larger than this address takes ({limitBytes} bytes).'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'This address does not take that content type.'],
  TOO_MANY_REQUESTS: [429, 'Too many requests; try again in {retryAfterSeconds} s.'],
  INTERNAL: [500, 'Something went wrong on our side. It is logged under the request id.'],
  UNAVAILABLE: [503, 'A part of the arena is not answering. Nothing is lost; try again shortly.'],
  // user
  BAD_CREDENTIALS: [401, 'Name and password do not match.'],
  ACCOUNT_DISABLED: [403, 'This account has been disabled.'],
  EMAIL_TAKEN: [409, 'There is an account with this e-mail already.'],
  USERNAME_TAKEN: [409, 'There is an account with this username already.'],
  LOGIN_NAME_MISSING: [400, 'Give an e-mail or a username.'],
  PASSWORD_WEAK: [422, 'Choose a longer or less common password.'],
  PASSWORD_WRONG: [403, 'The current password is not right.'],
  REFRESH_INVALID: [401, 'The session is over; log in again.'],
  REFRESH_REUSED: [401, 'This session was used from two places and has been ended; log in again.'],
  SESSION_NOT_FOUND: [404, 'That session is not yours, or is over already.'],
  USER_NOT_FOUND: [404, 'There is no such user.'],
  LAST_ADMIN: [409, 'The arena needs at least one admin.'],
  // contest
  CONTEST_NOT_FOUND: [404, 'There is no such contest.'],
  PROBLEM_NOT_FOUND: [404, 'There is no such problem.'],
  TIMES_INVALID: [422, 'The times do not fit together: {problem}.'],
  CONTEST_NOT_OPEN: [409, 'The contest cannot be joined now.'],
  CONTEST_HAS_STARTED: [409, 'The contest has started; this can no longer be changed: {field}.'],
  PROBLEM_IN_USE: [409, 'The problem is part of a contest; it can be changed, not removed.'],
  VERSION_NOT_FOUND: [422, 'The problem has no such version; the newest is {newest}.'],
  PROBLEM_TWICE: [422, 'A problem or label occurs twice in the contest.'],
  PROBLEM_INVALID: [422, 'The problem cannot be used as it is: {problem}.'],
  PACKAGE_INVALID: [422, 'The package cannot be read: {problem}.'],
  // submission
  SUBMISSION_NOT_FOUND: [404, 'There is no such submission.'],
  CONTEST_NOT_RUNNING: [409, 'The contest is not running.'],
  NOT_REGISTERED: [403, 'Join the contest first.'],
  TOO_MANY_PENDING: [429, 'Wait for a verdict first: at most {limit} submissions may be pending.'],
  NO_ATTEMPTS_LEFT: [409, 'No attempts left for this problem ({limit} allowed).'],
  IDEMPOTENCY_MISMATCH: [409, 'This Idempotency-Key was used with another body.'],
  LANGUAGE_UNKNOWN: [422, 'This problem does not take the language {language}.'],
  LANGUAGE_NOT_INSTALLED: [422, 'No judge of this arena has the language {language}.'],
  ANSWER_KIND_MISMATCH: [422, 'The answer does not fit the kind of the problem ({kind}).'],
  ANSWER_UNREADABLE: [422, 'The answer cannot be read: {problem}. It was not counted as an attempt.'],
  SOURCE_TOO_LARGE: [413, 'The source is larger than {limitBytes} bytes.'],
  RUN_NOT_FOUND: [404, 'There is no such run. Runs are kept for an hour.'],
  RUN_PENDING: [429, 'Another program of yours is still being run; wait for its answer.'],
  INPUT_TOO_LARGE: [413, 'The input is larger than {limitBytes} bytes.'],
  REJUDGING_NOT_FOUND: [404, 'There is no such rejudging.'],
  REJUDGING_EMPTY: [422, 'No judged submission fits that.'],
  REJUDGING_TOO_LARGE: [422, 'More than {limit} submissions fit that; make several rejudgings, by problem or time.'],
  REJUDGING_UNDER_WAY: [409, 'Another rejudging has some of these submissions; apply or discard it first.'],
  REJUDGING_NOT_READY: [409, 'Not all of its submissions have been judged yet.'],
  REJUDGING_APPLIED: [409, 'It has been applied; make another to go back.'],
  REJUDGING_DISCARDED: [409, 'It has been discarded.'],
  // leaderboard
  BOARD_NOT_FOUND: [404, 'There is no such leaderboard.'],
  // billing
  PLAN_NOT_FOUND: [404, 'There is no such plan on sale.'],
  PLAN_INVALID: [422, 'The plan cannot be sold as it is: {problem}.'],
  SUBSCRIPTION_NOT_FOUND: [404, 'There is no such subscription.'],
  SUBSCRIPTION_OVER: [409, 'This subscription is over; take a new one.'],
  ALREADY_SUBSCRIBED: [409, 'You have this plan already.'],
  NOTHING_DUE: [409, 'Nothing is due yet; the next payment can be made from {from} on.'],
  CURRENCY_NOT_OFFERED: [422, 'This plan is not sold in {currency}.'],
  PROVIDER_NOT_OFFERED: [422, 'This arena does not take payments by {provider}.'],
  PROVIDER_FAILED: [502, 'The payment provider did not answer as it should. Try again shortly; what was paid is found by itself.'],
  SCHOOL_MISSING: [422, 'Name the school that this plan is for.'],
  JOIN_CODE_WRONG: [404, 'There is no school with this code.'],
  NO_SEATS_LEFT: [409, 'All {seats} places of this school are taken.'],
  RECEIPT_NOT_FOUND: [404, 'There is no such receipt.'],
  PAYMENT_NOT_FOUND: [404, 'There is no such payment.'],
  PAYMENT_NOT_MANUAL: [409, 'This payment is confirmed by its provider ({provider}), not by hand.'],
  PAYMENT_NOT_PAID: [409, 'Nothing has been paid that could be given back.'],
  PAYMENT_SETTLED: [409, 'This payment is settled already, with another amount or day.'],
  AMOUNT_WRONG: [422, '{expected} {currency} were asked for, not {given}.'],
  CURRENCY_WRONG: [422, 'The payment was asked for in {expected}, not in {given}.'],
  REFUND_TOO_LARGE: [422, 'At most {left} {currency} can still be given back.'],
  WEBHOOK_SIGNATURE_WRONG: [401, 'The signature does not fit the message.'],
  WEBHOOK_INVALID: [400, 'The message cannot be read: {problem}.'],
  SUBSCRIPTION_NEEDED: [402, 'This contest is part of a paid plan.'],
  ENTITLEMENT_UNKNOWN: [503, 'Your subscription cannot be checked right now. Nothing is lost; try again shortly.'],
  // mail
  TOKEN_INVALID: [410, 'This link has been used, has expired, or was never given out; ask for a new one.'],
  EMAIL_MISSING: [409, 'There is no e-mail address in this account.'],
  EMAIL_VERIFIED: [409, 'This address is confirmed already.'],
  MAIL_NOT_FOUND: [404, 'There is no such mail.'],
  // operations
  DEAD_LETTER_NOT_FOUND: [404, 'There is no such dead letter.'],
} as const satisfies Record<string, readonly [status: number, text: string]>

export type ErrorCode = keyof typeof errorTable
export type ErrorDetails = Readonly<Record<string, unknown>>

export const statusOf = (code: ErrorCode): number => errorTable[code][0]

const filled = (text: string, details: ErrorDetails) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '?'))

/** The English text of a code, filled from `details`; what is missing reads as `?`. */
export const messageOf = (code: ErrorCode, details: ErrorDetails = {}): string => filled(errorTable[code][1], details)

/** What a handler answers with when the caller broke a rule. */
export type ApiFailure<Code extends ErrorCode = ErrorCode> = { readonly code: Code; readonly details?: ErrorDetails }

/** Why TIMES_INVALID: `details.rule`, by which clients translate, and its English, which is `details.problem`. `{name}` is in `details` too. */
export const timesRules = {
  NO_SUCH_DATE: '{field} is no date of the calendar',
  YEAR_OUT_OF_RANGE: '{field} is not between {fromYear} and {toYear}',
  UNTIMED_HAS_TIMES: 'an untimed contest has no startsAt, endsAt or durationMinutes',
  FEEDBACK_NEEDS_END: 'feedback after the end needs an end',
  FREEZE_NEEDS_END: 'freezeMinutes needs an end',
  TIMES_MISSING: 'startsAt and endsAt are needed',
  END_NOT_AFTER_START: 'startsAt is not before endsAt',
  DURATION_MISSING: 'personal timing needs durationMinutes',
  DURATION_NOT_PERSONAL: 'durationMinutes belongs to personal timing',
  DURATION_TOO_LONG: 'durationMinutes is longer than the contest',
  FREEZE_TOO_LONG: 'freezeMinutes is longer than the contest',
  END_IN_PAST: 'endsAt is in the past',
} as const
type TimesRule = keyof typeof timesRules

export const timesInvalid = (rule: TimesRule, details: ErrorDetails = {}): ApiFailure<'TIMES_INVALID'> => ({
  code: 'TIMES_INVALID',
  details: { ...details, rule, problem: filled(timesRules[rule], details) },
})
