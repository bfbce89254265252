/** Every event that the documentation names, those too that nothing here makes happen yet. */
export const WEBHOOK_EVENTS = [
  ...(['message.received', 'message.sent', 'message.delivered', 'message.read', 'message.failed'] as const),
  ...(['conversation.created', 'conversation.updated', 'conversation.assigned'] as const),
  ...(['conversation.transferred', 'conversation.closed', 'conversation.reopened'] as const),
  ...(['channel.created', 'channel.updated', 'channel.activated', 'channel.deactivated'] as const),
  ...(['channel.error', 'channel.deleted'] as const),
  ...(['bot.created', 'bot.updated', 'bot.activated', 'bot.deactivated', 'bot.handoff'] as const),
  ...(['bot.training.started', 'bot.training.completed', 'bot.training.failed'] as const),
  ...(['contact.created', 'contact.updated', 'contact.merged', 'test.ping'] as const),
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

export function isWebhookEvent(text: string): text is WebhookEvent {
  return (WEBHOOK_EVENTS as readonly string[]).includes(text)
}
