/** Keys of what is cached, in one place, so that a push finds what it makes stale. */
export const keys = {
  contests: () => ['contests'] as const,
  contest: (id: string) => ['contest', id] as const,
  problem: (id: string) => ['problem', id] as const,
  problems: (filter: object = {}) => ['problems', filter] as const,
  submissions: (filter: { contestId?: string | undefined; problemId?: string | undefined; everybody?: boolean; history?: object } = {}) =>
    ['submissions', filter] as const,
  /** Beside lists of submissions, so that a verdict makes it stale as well. */
  progress: () => ['submissions', 'progress'] as const,
  submission: (id: string) => ['submission', id] as const,
  run: (id: string) => ['run', id] as const,
  board: (contestId: string, view: object = {}) => ['board', contestId, view] as const,
  languages: () => ['languages'] as const,
  inbox: () => ['inbox'] as const,
  messages: (filter: object = {}) => ['inbox', 'page', filter] as const,
  sessions: () => ['sessions'] as const,
  samples: (language: string) => ['samples', language] as const,
  titles: (ids: readonly string[]) => ['titles', ids] as const,
  /** All of it is asked again when a subscription has changed. */
  billing: () => ['billing'] as const,
  plans: () => ['billing', 'plans'] as const,
  subscriptions: () => ['billing', 'mine'] as const,
  receipts: () => ['billing', 'receipts'] as const,
  receipt: (number: string) => ['billing', 'receipt', number] as const,
  members: (subscriptionId: string) => ['billing', 'members', subscriptionId] as const,
  billingAdmin: (what: string, view: object = {}) => ['billing', 'admin', what, view] as const,
  mails: () => ['mails'] as const,
  mailPreferences: () => ['mail-preferences'] as const,
}
