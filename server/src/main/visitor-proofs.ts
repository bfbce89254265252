import type { VisitorProofs } from '../application/ports/visitors.ts'
import { phoneDigits } from '../domain/contact.ts'
import { DomainError } from '../domain/errors.ts'
import { normalizeEmail } from '../domain/operator.ts'
import { readSignedFields, readUserToken } from '../platform/visitor-claims.ts'

/** What sites say of their visitors, held against the channel's key. */
export const visitorProofs: VisitorProofs = {
  check: async (claim, secretKey, now) => {
    if ('sign' in claim) {
      const read = readSignedFields(claim.fields, claim.sign, secretKey)
      return 'refused' in read ? read : { sub: null, facts: read }
    }
    const user = await readUserToken(claim.jwt, secretKey, now)
    if ('refused' in user) return user
    const { sub, name, email, phone, fields } = user
    try {
      const facts = {
        ...(name !== undefined && { name: name.trim() }),
        ...(email !== undefined && { email: normalizeEmail(email) }),
        ...(phone !== undefined && { phone: phoneDigits(phone) }),
        ...(fields && { fields }),
      }
      return { sub, facts }
    } catch (error) {
      if (error instanceof DomainError) return { refused: error.message }
      throw error
    }
  },
}
