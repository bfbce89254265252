/** The tenant. */
export interface Account {
  id: string
  number: number
  name: string
  phone: string | null
  description: string | null
  ownerId: string
  /** The owner operator's integer name. */
  ownerNumber: number
  createdAt: Date
  updatedAt: Date
}
