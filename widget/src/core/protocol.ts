/** The wire of the visitor API, as its README says it. */
export interface Face {
  id: string | null
  name: string | null
  avatarUrl: string | null
}

export interface Author extends Face {
  kind: 'visitor' | 'operator' | 'bot' | 'system'
}

export interface File {
  url: string
  previewUrl: string | null
  name: string
  mimeType: string
  size: number
  width: number | null
  height: number | null
}

export interface Review {
  id: string
  mark: number
  text: string
  isConfirmed: boolean
  createdAt: string
}

export type MessageKind =
  'text' | 'image' | 'file' | 'audio' | 'video' | 'location' | 'template' | 'buttons' | 'review'

export interface Message {
  id: string
  seq: number
  kind: MessageKind
  text: string
  author: Author
  file: File | null
  details: Record<string, unknown> | null
  review: Review | null
  status: 'sent' | 'delivered' | 'read' | 'failed'
  createdAt: string
  /** The name it had here before the server knew it, so that it stays the same thing on the screen. */
  localId?: string
}

export interface State {
  conversationId: string | null
  lastSeq: number
  readSeq: number
  teamReadSeq: number
  unreadCount: number
  isLocked: boolean
  isTeamOnline: boolean
  assignee: (Face & { kind: 'operator' | 'bot' }) | null
  reviews: Review[]
}

export type CardField = 'name' | 'email' | 'phone'
export type Card = Partial<Record<CardField, string>>

export interface Hours {
  timeZone: string
  days: { day: number; from: string; to: string }[]
  isOpen: boolean
  opensAt: string | null
}

export interface Widget {
  name: string
  color: string
  position: 'right' | 'left'
  /** Null: the widget's own words. */
  title: string | null
  welcome: string | null
  offline: string | null
  isPoweredShown: boolean
  card: { when: 'never' | 'before' | 'offline'; fields: CardField[]; required: CardField[] }
  operators: Face[]
  replyTime: 'minutes' | 'hours' | 'day' | null
  hours: Hours | null
}

export interface Visitor {
  id: string
  name: string | null
  email: string | null
  phone: string | null
  isVerified: boolean
}

export type Identity = { jwt: string } | { fields: { name: string; value: unknown }[]; sign: string }

export interface Page {
  url: string
  title: string
}

export interface Session {
  token: string
  visitor: Visitor
  identityRefused: string | null
  widget: Widget
  state: State
  messages: Message[]
  hasMore: boolean
}

export type ClientFrame =
  | { type: 'hello'; after: number }
  | { type: 'send'; id: string; text: string }
  | { type: 'seen'; receivedSeq?: number; readSeq?: number }
  | { type: 'typing'; isTyping: boolean }
  | ({ type: 'page' } & Page)
  | { type: 'beat' }

export type ServerFrame =
  | { type: 'ready'; after: number; state: State }
  | { type: 'reset'; reason: string }
  | { type: 'message'; after: number; seq: number; message: Message }
  | { type: 'state'; state: State }
  | { type: 'typing'; name: string; isTyping: boolean }
  | { type: 'ack'; id: string; seq: number; message: Message }
  | { type: 'refused'; id: string | null; code: string; detail: string }
  | { type: 'beat' }

export interface Updates {
  messages: Message[]
  hasMore: boolean
  state: State
  version: string
  isReset: boolean
}
