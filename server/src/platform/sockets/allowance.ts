/** So much at once, and so much a second: what was not used is saved up to the first. */
export interface Allowance {
  left: number
  at: number
}

export interface AllowanceRule {
  burst: number
  perSecond: number
}

export const fullAllowance = ({ burst }: AllowanceRule, now: number): Allowance => ({ left: burst, at: now })

/** Takes so much; false when there was less left than that. */
export function spend(
  allowance: Allowance,
  amount: number,
  { burst, perSecond }: AllowanceRule,
  now: number,
): boolean {
  allowance.left = Math.min(burst, allowance.left + ((now - allowance.at) * perSecond) / 1000) - amount
  allowance.at = now
  return allowance.left >= 0
}
