import { SAMPLES } from '../requests.ts'
import { tryBadInput } from './bad-input.ts'

tryBadInput(SAMPLES.filter(({ dialect }) => dialect === 'native'))
