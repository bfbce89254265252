import type { WebhookSpeech } from '../application/ports/webhook-dialect.ts'
import { blingerSpeech } from '../dialects/blinger-app/events.ts'
import { linktorSpeech } from '../dialects/linktor/events.ts'
import { nativeSpeech } from '../dialects/native/webhook-speech.ts'
import { pactSpeech } from '../dialects/pact/events.ts'
import type { WebhookDialect } from '../domain/webhook.ts'

/** How each dialect tells what happens. */
export const SPEECHES: Record<WebhookDialect, WebhookSpeech> = {
  native: nativeSpeech,
  blinger: blingerSpeech,
  pact: pactSpeech,
  linktor: linktorSpeech,
}
