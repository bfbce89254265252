/** A request for a rating, and its answer. */
export interface Review {
  id: string
  number: number
  accountId: string
  conversationId: string
  messageId: string
  /** Whose help is rated; null when nobody was assigned. */
  operatorId: string | null
  contactId: string
  /** 0 until rated, then 1 to 5. */
  mark: number
  text: string
  /** A confirmed review is final. */
  isConfirmed: boolean
  createdAt: Date
  updatedAt: Date
}
