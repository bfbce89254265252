/** A program that answers. */
export interface Bot {
  id: string
  number: number
  accountId: string
  name: string
  createdAt: Date
  updatedAt: Date
}
