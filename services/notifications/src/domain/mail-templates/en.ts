import type { MailTexts } from './shape.ts'

export const en: MailTexts = {
  mails: {
    welcome: {
      subject: 'Welcome to Competa Arena: confirm your address',
      heading: 'Welcome to Competa Arena',
      blocks: [
        'Your account is ready. Confirm that this e-mail address is yours, so that reminders reach you and you can set a new password when you forget yours.',
        'The link works once, until {until}.',
      ],
      button: 'Confirm my address',
    },
    'verify-email': {
      subject: 'Confirm your e-mail address',
      heading: 'Is this address yours?',
      blocks: ['This address was entered for your account at Competa Arena. Confirm that it is yours.', 'The link works once, until {until}.'],
      button: 'Confirm my address',
    },
    'reset-password': {
      subject: 'A new password for Competa Arena',
      heading: 'Choose a new password',
      blocks: [
        'Somebody asked for a new password for your account. If that was you, choose it here. All devices will have to log in again.',
        'The link works once, until {until}. If it was not you, do nothing: your password stays as it is.',
      ],
      button: 'Choose a new password',
    },
    'contest-tomorrow': {
      subject: 'Tomorrow: {title}',
      heading: '{title}',
      blocks: ['The contest you joined starts {start}.'],
      button: 'Open the contest',
    },
    'contest-soon': {
      subject: 'Starting soon: {title}',
      heading: '{title}',
      blocks: ['The contest you joined is about to start: {start}.', 'Log in a little before, so that you are there from the first minute.'],
      button: 'Open the contest',
    },
    'contest-result': {
      subject: 'Your result in {title}',
      heading: '{title}',
      blocks: ['The contest is over. You are number {rank} of {total}.', '{outcome}'],
      button: 'See the leaderboard',
    },
    receipt: {
      subject: 'Receipt {number} from Competa Arena',
      heading: 'Receipt {number}',
      blocks: ['Thank you. We have received {amount} for “{plan}”, from {from} to {to}.', 'Payment reference: {reference}'],
      button: 'See the receipt',
    },
    'credit-note': {
      subject: 'Credit note {number} from Competa Arena',
      heading: 'Credit note {number}',
      blocks: ['We have given back {amount} of receipt {of}, for “{plan}”, from {from} to {to}.', 'Payment reference: {reference}'],
      button: 'See the credit note',
    },
    'renewal-due': {
      subject: 'Your subscription ends on {end}',
      heading: 'Go on with “{plan}”?',
      blocks: [
        'Your subscription to “{plan}” is paid until {end}. The next period costs {amount}.',
        'Nothing is taken by itself. Without a payment all goes on until {openUntil}, and then it ends.',
      ],
      button: 'Pay the next period',
    },
    'renewal-late': {
      subject: 'Your subscription is waiting for its payment',
      heading: '“{plan}” is not paid',
      blocks: ['The period you paid for ended on {end}. All goes on until {openUntil}.', 'To keep it after that, pay {amount}.'],
      button: 'Pay now',
    },
    'subscription-over': {
      subject: 'Your subscription has ended',
      heading: '“{plan}” has ended',
      blocks: ['Your subscription to “{plan}” is over. Free contests stay open to you, and so does everything you did.'],
      button: 'See the plans',
    },
  },
  greeting: 'Hello {name},',
  plainGreeting: 'Hello,',
  linkHint: 'If the button does not work, open this address:',
  accountFooter: 'You got this mail because this address was entered at {host}. If that was not you, ignore it.',
  bulkFooter: 'You got this mail because you have an account at {host}.',
  unsubscribe: 'No more mails of this kind',
  outcome: { icpc: 'You solved {solved} of {problemCount} problems.', points: 'You reached {score} points.', ioi: 'You reached {score} points.' },
  time: 'on {weekday} {day} {month} {year} at {hour}:{minute} (Kigali time, UTC+2)',
  day: '{day} {month} {year}',
  weekdays: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  months: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  thousands: ',',
  decimal: '.',
}
