import { expect, test } from 'vitest'
import { cloneDatabase, querySql } from '../postgres.ts'

/** Reference tables: found before any account is known, or belonging to none. Every other key begins with the account. */
const REFERENCE_TABLES = [
  'account',
  'person',
  'person_credential',
  'person_session',
  'person_verification',
  'token',
  'channel_token',
  'schema_migration',
  'installation',
  'person_second_factor',
  'refresh_token',
  'sign_in_failure',
  'widget_key',
  'visitor_session',
]
/** A person is an operator of several accounts, a file's URL names no account, and words are searched by trigrams, which take no leading column. */
const EXCEPTIONS = ['operator_of_person', 'attachment_path', 'contact_name_words', 'message_words']

test('account_id leads every key and index, and every table has one', async () => {
  await using database = await cloneDatabase()
  const indexes = await querySql<{ table: string; index: string; first: string | null }>(
    database.url,
    `select t.relname as table, i.relname as index, a.attname as first
       from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
       join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public'
       left join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]`,
  )
  const ours = indexes.filter(
    ({ table, index }) => !REFERENCE_TABLES.includes(table) && !EXCEPTIONS.includes(index),
  )
  expect(ours.length).toBeGreaterThan(30)
  expect(ours.filter(({ first }) => first !== 'account_id')).toEqual([])

  const tables = await querySql<{ table: string }>(
    database.url,
    `select table_name as table from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const led = new Set(ours.map(({ table }) => table))
  expect(
    tables
      .map(({ table }) => table)
      .filter((table) => !led.has(table))
      .sort(),
  ).toEqual([...REFERENCE_TABLES].sort())
})

test('what makes two rows the same is unique in the database', async () => {
  await using database = await cloneDatabase()
  const uniques = await querySql<{ definition: string }>(
    database.url,
    `select indexdef as definition from pg_indexes where schemaname = 'public' and indexdef like 'CREATE UNIQUE%'`,
  )
  const definitions = uniques.map(({ definition }) => definition).join('\n')
  for (const columns of [
    '(account_id, channel_id, contact_id)',
    '(account_id, channel_id, external_id)',
    '(account_id, conversation_id, seq)',
    '(account_id, conversation_id, client_id)',
    '(account_id, channel_id, provider_message_id)',
  ])
    expect(definitions).toContain(columns)
})
