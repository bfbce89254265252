export type Settings = Record<string, string>

const SETTINGS: Settings = {
  // What makes an answered message a kept one. `/ready` turns red when one of them is off.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  listen_addresses: '',
  unix_socket_permissions: '0700',
  // Small: about 20 MB when idle. io_method=sync saves three processes, no logical replication a fourth.
  max_connections: '40',
  // Buffers take memory as they are first used, not before.
  shared_buffers: '256MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '1GB',
  io_method: 'sync',
  max_worker_processes: '4',
  max_parallel_workers: '2',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '2',
  autovacuum_worker_slots: '4',
  jit: 'off',
  // The log holds no statements and no values: they are people's messages and addresses.
  log_line_prefix: '',
  log_checkpoints: 'off',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  lc_messages: 'C',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** postgresql.conf: our settings, with `own` over them. */
export function settingsText(own: Settings): string {
  const lines = Object.entries({ ...SETTINGS, ...own }).map(
    ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`,
  )
  return ['# Written by Parley at each start. Your own changes: ALTER SYSTEM SET …', ...lines, ''].join('\n')
}
