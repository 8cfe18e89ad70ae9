/** Where things lie in kitter's data folder. All paths are absolute and without symbolic links. */
export interface DataFolder {
  readonly path: string
  readonly cluster: string
  /** The password of the cluster's superuser, mode 0600. */
  readonly password: string
  readonly log: string
  readonly lock: string
  /** The process id of the kitter that holds the lock. */
  readonly holder: string
}
