import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Socket } from 'node:net'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { WebSocketServer, type WebSocket } from 'ws'
import { placeOf } from '../client-address.ts'
import { tellUpgrade } from '../request-log.ts'
import { within } from '../shutdown.ts'
import { SOCKET_BOUNDS, type SocketBounds } from './bounds.ts'
import { createLine, type KeptLine, type Line, type LineEars } from './line.ts'
import { createTally, type Tally } from './tally.ts'

/** Lines are told that the server goes, and have so long to say good-bye. */
const GOODBYE_MS = 500

/** What an endpoint opens a line with. */
export interface Opening {
  /** The subprotocol that is spoken; offered ones that carry a secret are not told back. */
  protocol: string
  open(line: Line): LineEars
}

/** `plain`: it is no request to upgrade. `full`: there are enough lines from there. */
export type Opened = 'opened' | 'plain' | 'full'

interface Upgrade {
  open(request: FastifyRequest, reply: FastifyReply, opening: Opening): Opened
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>()

/** What can be upgraded is asked for as such: other words of `Upgrade` are passed over, as if they were not there. */
export function asksForSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'
}

/**
 * Lets a route become a socket. Until then it is a request like any other: its hooks, its limits, its refusals and its line in the log are
 * those of its dialect, and `Origin` and credential are judged before anything is upgraded.
 */
export function openLine(request: FastifyRequest, reply: FastifyReply, opening: Opening): Opened {
  return upgrades.get(request.raw)?.open(request, reply, opening) ?? 'plain'
}

/** The subprotocols that a request offers, in its order. */
export function offeredProtocols(request: FastifyRequest): string[] {
  const offered = request.headers['sec-websocket-protocol'] ?? ''
  return offered.split(',').map((word) => word.trim())
}

/** Has the server's upgrades answered by its routes. All lines are closed before it stops. */
export function carrySockets(app: FastifyInstance, given: Partial<SocketBounds> = {}): void {
  const bounds = { ...SOCKET_BOUNDS, ...given }
  /** The subprotocol of the request that is being upgraded, which is done in one go. */
  let spoken = ''
  const server = new WebSocketServer({
    ...{ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: bounds.frameBytes },
    // A line answers pings itself, as long as it heeds them at all.
    autoPong: false,
    handleProtocols: (offered) => offered.has(spoken) && spoken,
  })
  const lines = createLines(bounds)

  app.server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    duplex.on('error', ignore)
    // Servers of ours listen on sockets alone.
    if (!(duplex instanceof Socket)) throw new TypeError('An upgrade of something that is no socket.')
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(duplex)
    response.on('finish', () => duplex.destroySoon())
    const take = (opening: Opening, admitted: Admitted) => {
      upgrades.delete(request)
      response.detachSocket(duplex)
      spoken = opening.protocol
      server.handleUpgrade(request, duplex, head, admitted)
    }
    upgrades.set(request, {
      open: (asked, reply, opening) => {
        const enter = lines.admit(placeOf(asked.ip))
        if (!enter) return 'full'
        reply.hijack()
        tellUpgrade(asked)
        take(
          opening,
          admit(enter, { socket: duplex, open: opening.open, onBug: tellBugs(app.log, asked.id) }),
        )
        return 'opened'
      },
    })
    app.routing(request, response)
  })
  app.addHook('preClose', () => lines.close())
}

const ignore = () => undefined

type Wires = Pick<Parameters<typeof createLine>[0], 'ws' | 'socket' | 'onBug'>
type Enter = (wires: Wires, open: Opening['open']) => void
type Admitted = (ws: WebSocket) => void

/** Apart from the request, so that nothing of it is kept with the line. */
const admit =
  (enter: Enter, { open, ...wires }: Omit<Wires, 'ws'> & Pick<Opening, 'open'>): Admitted =>
  (ws) =>
    enter({ ws, ...wires }, open)

/** What goes wrong on a line, with the request that it once was. */
export const tellBugs =
  (log: FastifyBaseLogger, requestId: string) =>
  (error: unknown): void =>
    log.error({ err: error, requestId }, 'a line failed')

interface Lines {
  /** Null when there are enough lines from that place, or when there shall be no more at all. */
  admit(place: string): Enter | null
  close(): Promise<void>
}

function createLines(bounds: SocketBounds): Lines {
  const all = new Set<KeptLine>()
  const places = createTally(bounds.perPlace)
  const accounts = createTally(bounds.perAccount)
  const turns = Math.max(1, Math.round(bounds.beatMs / bounds.tickMs))
  const now = () => performance.now()
  let timer: NodeJS.Timeout | null = null
  let opened = 0
  let tick = 0
  let isClosed = false
  let onEmpty: () => void = ignore

  /** Each line has its turn to be sent a beat; whether it lives is looked at every time. */
  function look(): void {
    tick = (tick + 1) % turns
    const at = now()
    for (const kept of all) tend(kept, at)
  }

  function tend(kept: KeptLine, at: number): void {
    if (at - kept.heardAt >= bounds.deadMs) return kept.cut()
    if (at >= kept.deadline && kept.line.isOpen) kept.line.close(4408, 'no hello in time')
    else if (at >= kept.deadline) kept.cut()
    else if (kept.turn === tick) kept.ping()
  }

  function leave(kept: KeptLine): void {
    all.delete(kept)
    if (all.size > 0) return
    if (timer) clearInterval(timer)
    timer = null
    onEmpty()
  }

  return {
    admit: (place) => {
      if (isClosed || !places.hasRoom(place)) return null
      return (wires, open) => {
        const leavePlace = places.enter(place)
        let leaveAccount: Leave = null
        const kept = createLine(
          {
            ...wires,
            ...{ bounds, now, turn: (opened += 1) % turns },
            belongTo: (accountId) => (leaveAccount ??= enter(accounts, accountId)) !== null,
            onGone: (gone) => {
              leavePlace()
              leaveAccount?.()
              leave(gone)
            },
          },
          open,
        )
        all.add(kept)
        timer ??= setInterval(look, bounds.tickMs).unref()
      }
    },
    close: async () => {
      isClosed = true
      if (all.size === 0) return
      const gone = new Promise<void>((resolve) => (onEmpty = resolve))
      for (const { line } of all) line.close(1012, 'restart')
      if ((await within(GOODBYE_MS, gone)) === 'late') for (const kept of all) kept.cut()
    },
  }
}

type Leave = (() => void) | null

const enter = (tally: Tally, key: string): Leave => (tally.hasRoom(key) ? tally.enter(key) : null)
