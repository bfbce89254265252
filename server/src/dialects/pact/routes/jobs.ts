import { getDispatch } from '../../../application/messages/get-dispatch.ts'
import { numberIn, refIn } from '../ids.ts'
import { presentJob } from '../present.ts'
import { JobPath } from '../schema/requests.ts'
import { answers, JobAnswer } from '../schema/responses.ts'
import type { Mount, PactDoor } from './mounting.ts'

export function mountJobs(mount: Mount, { house }: PactDoor): void {
  mount('GET', {
    url: '/companies/:cid/channels/:chid/jobs/:id',
    needs: 'message.read',
    schema: {
      summary: 'Get delivery job details',
      description: 'What became of a message that was sent: poll it until it is delivered or not delivered.',
      tags: ['Jobs'],
      params: JobPath,
      response: answers(JobAnswer),
    },
    handle: async ({ actor, path }) => {
      const input = { channel: refIn(path['chid'], 'channel'), dispatchNumber: numberIn(path['id'], 'job') }
      const { message, view } = await house.ask(getDispatch, actor, input)
      return { status: 'ok', data: presentJob({ ...view, message }, actor.accountNumber) }
    },
  })
}
