import { pointCompanyWebhook } from '../../../application/webhooks/point-company-webhook.ts'
import { readCompany } from '../../../application/webhooks/read-company.ts'
import { acceptPage } from '../accept.ts'
import { acceptCompany } from '../accept-company.ts'
import { isBeyond, presentCompany } from '../present.ts'
import { ChangedCompany, CompanyPath, PageQuery } from '../schema/requests.ts'
import { answers, CompanyAnswer, CompanyPage, UpdatedAnswer } from '../schema/responses.ts'
import { CONSUMES } from './mounting.ts'
import type { Mount, PactDoor } from './mounting.ts'

const tags = ['Companies']
const PACT = { dialect: 'pact' } as const

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
      const company = presentCompany(await house.ask(readCompany, actor, PACT))
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
      const company = presentCompany(await house.ask(readCompany, actor, PACT))
      return { status: 'ok', data: { company } }
    },
  })

  mount('PUT', {
    url: '/companies/:cid',
    needs: 'account.write',
    schema: {
      summary: 'Update company',
      description:
        'Only what is given changes. A webhook_url is called first with a test, and must answer 200: else nothing changes.',
      tags,
      consumes: CONSUMES,
      params: CompanyPath,
      body: ChangedCompany,
      response: answers(UpdatedAnswer),
    },
    handle: async ({ actor, params }) => {
      const company = await house.perform(pointCompanyWebhook, actor, { ...PACT, ...acceptCompany(params) })
      return { status: 'updated', data: { external_id: company.number } }
    },
  })
}
