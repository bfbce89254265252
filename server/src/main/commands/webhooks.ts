import { listWebhooks } from '../../application/webhooks/read-webhooks.ts'
import { replayWebhook } from '../../application/webhooks/replay-webhook.ts'
import { updateWebhook } from '../../application/webhooks/update-webhook.ts'
import type { Replay } from '../../application/ports/webhooks.ts'
import type { Webhook, WebhookStats } from '../../domain/webhook.ts'
import { timeIn } from './arguments.ts'
import { ACCOUNT, UsageError, type Command, type Given } from './command.ts'
import { listen } from './listen-webhooks.ts'
import { readId } from './refs.ts'
import { table } from './table.ts'

const WEBHOOK = { name: 'webhook', value: 'ID', help: 'its id, as the list shows it', isRequired: true }

const rateOf = ({ succeeded, failed }: WebhookStats) =>
  succeeded + failed === 0 ? null : succeeded / (succeeded + failed)

function stateOf({ isActive, pause }: Webhook): string {
  if (isActive) return 'active'
  return pause === null ? 'off' : `paused: ${pause === 'gone' ? 'it answered 410' : 'days of failures'}`
}

const list: Command = {
  summary: 'who is told what happens: lag, success rate, what is paused',
  options: [ACCOUNT],
  run: async (desk) => {
    const { tools, actor } = await desk.account()
    const found = await tools.ask(listWebhooks, actor, {})
    const rows = found.map(({ webhook, stats }) => [
      ...[webhook.id, webhook.dialect, webhook.url, stateOf(webhook)],
      ...[`${stats.lagSeconds.toFixed(1)} s`, stats.pending, stats.failed],
      percent(rateOf(stats)),
    ])
    const data = found.map(({ webhook, stats }) => {
      const { id, dialect, url, description, events, isActive, pause, failingSince, createdAt } = webhook
      const about = { id, dialect, url, description, events, isActive, pause, failingSince, createdAt }
      return { ...about, ...stats, successRate: rateOf(stats) }
    })
    const head = ['id', 'dialect', 'url', 'state', 'lag', 'to repeat', 'failed', 'succeeded']
    return { data, lines: table(head, rows) }
  },
}

const percent = (rate: number | null) => (rate === null ? null : `${(100 * rate).toFixed(1)} %`)

const replay: Command = {
  summary: 'tell again what failed, or all of a stretch of time',
  options: [
    ...[ACCOUNT, WEBHOOK],
    { name: 'failed', value: null, help: 'only what was given up' },
    { name: 'from', value: 'TIME', help: 'what happened since, such as 2030-01-31T00:00:00Z' },
    { name: 'until', value: 'TIME', help: 'and before' },
  ],
  run: async (desk, given) => {
    const webhookId = readId(given.required('webhook'), 'webhook')
    const which = whichIn(given)
    const { tools, actor } = await desk.account()
    const { count } = await tools.act(replayWebhook, actor, { webhookId, which })
    return { data: { id: webhookId, count }, lines: [`${count} will be told again.`] }
  },
}

function whichIn(given: Given): Replay {
  const [from, until] = [timeIn(given, 'from'), timeIn(given, 'until')]
  if (given.isOn('failed')) return { kind: 'failed', ...(from && { from }), ...(until && { until }) }
  if (!from || !until) throw new UsageError('say --failed, or --from and --until')
  return { kind: 'range', from, until }
}

const resume: Command = {
  summary: 'go on telling one that was paused or is off',
  options: [ACCOUNT, WEBHOOK],
  run: async (desk, given) => {
    const webhookId = readId(given.required('webhook'), 'webhook')
    const { tools, actor } = await desk.account()
    await tools.perform(updateWebhook, actor, { webhookId, isActive: true })
    return { data: { id: webhookId, isActive: true }, lines: ['It is told again.'] }
  },
}

export const WEBHOOK_COMMANDS = { list, replay, resume, listen }
