// A bare Fastify route with a body and an answer of the same size as send-message: what HTTP alone costs here.
import { fastify } from 'fastify'

const ANSWER = {
  status: 200,
  data: {
    ...{
      id: 178,
      from_blinger_user_id: 4,
      to_blinger_user_id: 5,
      blinger_message_id: 178,
      application: 'whatsapp',
    },
    ...{
      type: 'text',
      message: 'Good morning, your parcel left our house today and should be with you on Thursday.',
    },
    ...{ date_updated: 1_760_000_000, date_created: 1_760_000_000, is_outgoing: true, status: 'sent' },
    ...{
      is_inner_message: false,
      date_read: null,
      date_real: 17_600_000_000_000,
      error: null,
      is_history: false,
    },
    ...{ echo: false, echo_outgoing: false },
  },
}

const app = fastify()
app.post('/api/conversations/send-message', async () => ANSWER)
await app.listen({ port: 0, host: '127.0.0.1' })
const address = app.server.address()
process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
