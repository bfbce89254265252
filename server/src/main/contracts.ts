import type { OpenAPIV3_1 } from 'openapi-types'

export interface ContractInfo {
  title: string
  description: string
  version: string
  credential: OpenAPIV3_1.SecuritySchemeObject
}

const header = (name: string, description: string): OpenAPIV3_1.SecuritySchemeObject => ({
  type: 'apiKey',
  in: 'header',
  name,
  description,
})

const bearer = (description: string): OpenAPIV3_1.SecuritySchemeObject => ({
  type: 'http',
  scheme: 'bearer',
  description,
})

/** What the published documents say of themselves. */
export const CONTRACTS = {
  'blinger-app': {
    title: 'Blinger app API',
    description:
      'The conversation, operator and user calls of the Blinger app API, and its custom-app channel. Change the host name, keep your code.',
    version: '1.0.0',
    credential: header('Authentication', 'A `blinger_app` token, raw.'),
  },
  'blinger-widget': {
    title: 'Blinger widget API',
    description:
      'The external API of the Blinger widget: conversations and agents, under `/api/external/v1`.',
    version: '1.0.0',
    credential: header('Authorization', 'A `blinger_widget` token, raw or as Bearer.'),
  },
  pact: {
    title: 'Pact API',
    description:
      'Companies, channels, conversations, messages, attachments and jobs of the Pact API v1, under `/p1`.',
    version: '1.0.0',
    credential: header('X-Private-Api-Token', 'A `pact` token.'),
  },
  linktor: {
    title: 'Linktor API',
    description:
      'The documented Linktor API: conversations, messages and channels, under `/v1` and `/api/v1`.',
    version: '1.0.0',
    credential: bearer('A `linktor` token.'),
  },
  native: {
    title: 'Parley API',
    description:
      'Parley’s own API, under `/parley/v1`. Channels whose name says **sandbox** are moved by the sandbox transport: ' +
      'it accepts messages, moves them to sent, delivered and read, and lets one speak as the customer.',
    version: '1.0.0',
    credential: bearer('A `native` token.'),
  },
  visitor: {
    title: 'Parley visitor API',
    description:
      'What the widget speaks, under `/visitor/v1`: one visitor, one conversation. Any page may call it; the token is the credential.',
    version: '1.0.0',
    credential: bearer('A visitor’s token, as `POST /sessions` answers it.'),
  },
} satisfies Record<string, ContractInfo>
