/** Written into `postgresql.conf` once; an operator may change them there. Sized for a development machine. */
export const initialSettings: readonly string[] = [
  'shared_buffers=64MB',
  'max_wal_size=256MB',
  'max_parallel_workers_per_gather=0',
  'io_method=sync',
  'jit=off',
  'log_checkpoints=off',
]

/** On the command line of every start. No errors of single statements in the log: kitter reports them, without people's data. */
export function fixedSettings(port: number): readonly string[] {
  return [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'ssl=off',
    'log_destination=stderr',
    'logging_collector=off',
    'log_min_messages=log',
  ]
}
