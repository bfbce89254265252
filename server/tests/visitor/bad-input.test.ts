import { tryBadInput } from '../dialects/bad-input.ts'
import { VISITING } from '../visitor-requests.ts'
import { openVisited } from './visited.ts'

tryBadInput(VISITING, openVisited)
