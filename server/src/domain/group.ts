/** A team of operators. */
export interface Group {
  id: string
  number: number
  accountId: string
  title: string
  /** Unique within the account; the smaller number is served first. */
  priority: number
  /** `#rrggbb`. */
  color: string
  isDefault: boolean
  createdAt: Date
  updatedAt: Date
}
