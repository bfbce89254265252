import { assignConversation } from '../../../application/conversations/assign-conversation.ts'
import { unassignConversation } from '../../../application/conversations/unassign-conversation.ts'
import { updateConversation } from '../../../application/conversations/update-conversation.ts'
import { acceptNote } from '../accept.ts'
import { flagOf, integerOf } from '../fields.ts'
import { refIn } from '../ids.ts'
import { BITRIX_FLAG, presentName, presentToggled } from '../present.ts'
import { Assignment, ConversationPath, Note, Toggle } from '../schema/requests.ts'
import { answers, AssignedAnswer, NotedAnswer, ToggledAnswer } from '../schema/responses.ts'
import { CONSUMES } from './mounting.ts'
import type { Mount, PactDoor } from './mounting.ts'

const said = { tags: ['Conversations'], consumes: CONSUMES, params: ConversationPath }

export function mountConversationChanges(mount: Mount, { house, ...door }: PactDoor): void {
  mount('PUT', {
    url: '/companies/:cid/conversations/:id/note',
    needs: 'conversation.write',
    schema: {
      ...said,
      summary: 'Update note for conversation',
      body: Note,
      response: answers(NotedAnswer),
    },
    handle: async ({ actor, path, params }) => {
      const conversation = refIn(path['id'], 'conversation')
      await house.act(updateConversation, actor, { conversation, note: acceptNote(params) })
      return { status: 'updated' }
    },
  })

  mount('PUT', {
    url: '/companies/:cid/conversations/:id/assign',
    needs: 'conversation.write',
    schema: {
      ...said,
      summary: 'Update assignee for conversation',
      body: Assignment,
      response: answers(AssignedAnswer),
    },
    handle: async ({ actor, path, params }) => {
      const conversation = refIn(path['id'], 'conversation')
      const number = integerOf(params, 'assignee_id')
      const view =
        number === undefined
          ? await house.act(unassignConversation, actor, { conversation, manner: 'release' })
          : await house.act(assignConversation, actor, {
              conversation,
              to: { operator: { number } },
              manner: 'set',
            })
      return { status: 'ok', data: { conversation: presentName(view) } }
    },
  })

  mount('PUT', {
    url: '/companies/:cid/conversations/:id/toggle_bitrix_block_openlines',
    needs: 'conversation.write',
    schema: {
      ...said,
      summary: 'Toggle bitrix block openlines',
      body: Toggle,
      response: answers(ToggledAnswer),
    },
    handle: async ({ actor, path, params }) => {
      const conversation = refIn(path['id'], 'conversation')
      const flags = { [BITRIX_FLAG]: flagOf(params, 'enabled') ?? ('flip' as const) }
      const view = await house.act(updateConversation, actor, { conversation, flags })
      return { status: 'ok', data: { conversation: presentToggled(view, door.publicOrigin()) } }
    },
  })
}
