import { getAccount } from '../../../application/accounts/get-account.ts'
import { acceptPage } from '../accept.ts'
import { isBeyond, presentCompany } from '../present.ts'
import { CompanyPath, PageQuery } from '../schema/requests.ts'
import { answers, CompanyAnswer, CompanyPage } from '../schema/responses.ts'
import type { Mount, PactDoor } from './mounting.ts'

const tags = ['Companies']

export function mountCompanies(mount: Mount, { house, cursors }: PactDoor): void {
  mount('GET', {
    url: '/companies',
    needs: 'account.read',
    schema: {
      summary: 'Get all companies',
      description: 'The companies of the token: always exactly one.',
      tags,
      querystring: PageQuery,
      response: answers(CompanyPage),
    },
    handle: async ({ actor, params }) => {
      const { keyset } = acceptPage(params, cursors, 'companies')
      const company = presentCompany(await house.ask(getAccount, actor, null))
      const companies = isBeyond(company.external_id, keyset) ? [company] : []
      return { status: 'ok', data: { companies } }
    },
  })

  mount('GET', {
    url: '/companies/:cid',
    needs: 'account.read',
    schema: {
      summary: 'Get company details',
      tags,
      params: CompanyPath,
      response: answers(CompanyAnswer),
    },
    handle: async ({ actor }) => {
      const company = presentCompany(await house.ask(getAccount, actor, null))
      return { status: 'ok', data: { company } }
    },
  })
}
