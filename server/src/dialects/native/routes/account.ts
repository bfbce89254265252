import type { FastifyInstance } from 'fastify'
import { getAccount } from '../../../application/accounts/get-account.ts'
import { updateAccount } from '../../../application/accounts/update-account.ts'
import type { Door } from '../../../application/ports/door.ts'
import type { Account } from '../../../domain/account.ts'
import { given, optionalText, requiredText } from '../accept-fields.ts'
import { actorOf } from '../auth.ts'
import { publicId } from '../ids.ts'
import { AccountBody, UpdateAccountBody } from '../schema/account.ts'
import { problems } from '../schema/responses.ts'

const tags = ['Account']
const reading = { policy: { permission: 'account.read' } } as const
const writing = { policy: { permission: 'account.write' } } as const
const answers = { 200: AccountBody, ...problems }

export function accountRoutes(scope: FastifyInstance, { house }: Door): void {
  const get = { tags, summary: 'Get the account', response: answers }
  scope.get('/account', { schema: get, config: reading }, async (request) =>
    presentAccount(await house.ask(getAccount, actorOf(request), null)),
  )

  const update = { tags, summary: 'Change the account', body: UpdateAccountBody, response: answers }
  scope.patch<{ Body: UpdateAccountBody }>(
    '/account',
    { schema: update, config: writing },
    async (request) => {
      const { name, phone, description } = request.body
      const input = {
        ...given('name', name, (text) => requiredText(text, 'name')),
        ...given('phone', phone, (text) => optionalText(text, 'phone', 64)),
        ...given('description', description, (text) => optionalText(text, 'description', 2000)),
      }
      return presentAccount(await house.act(updateAccount, actorOf(request), input))
    },
  )
}

function presentAccount(account: Account): AccountBody {
  const { number, name, phone, description } = account
  return {
    id: publicId('account', account.id),
    ...{ number, name, phone, description },
    ownerId: publicId('operator', account.ownerId),
    createdAt: account.createdAt.toISOString(),
    updatedAt: account.updatedAt.toISOString(),
  }
}
