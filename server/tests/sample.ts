/** One well-formed request of each route; tests bend them. Placeholders as in golden exchanges. */
export interface Sample {
  dialect: 'blinger-app' | 'blinger-widget' | 'pact' | 'linktor' | 'native' | 'visitor'
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** The route as it is mounted, so that none is forgotten. */
  route: string
  path: string
  query?: Record<string, unknown>
  body?: Record<string, unknown>
  /** Another credential than the dialect's own. */
  headers?: Record<string, string>
}
