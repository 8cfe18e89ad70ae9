/** What `kitter doctor` found out about one thing that kitter relies on. */
export interface Finding {
  /** `wrong` keeps something from working; `doubtful` works, and may hurt later. */
  readonly state: 'right' | 'doubtful' | 'wrong'
  /** What was looked at and how it is, such as "The realm quobis lets kitter manage users". */
  readonly sentence: string
  /** What to do about it: a command, a setting, a click. */
  readonly mend?: string
}
