import type { ReactNode } from 'react'
import { Icon, type IconName } from './icons.tsx'

type Tone = 'plain' | 'primary' | 'danger' | 'quiet'
type ButtonProps = {
  readonly children: ReactNode
  readonly tone?: Tone
  readonly small?: boolean
  readonly type?: 'button' | 'submit'
  /** At work: shows it, and takes no second press. */
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly icon?: IconName
  readonly onPress?: () => void
  /** The name where the words on it do not say of what: it has those words in it, or who speaks to the machine cannot press it. */
  readonly label?: string | undefined
  readonly expanded?: boolean
}

const classOf = (tone: Tone, small: boolean) => `button ${tone === 'plain' ? '' : `button-${tone}`} ${small ? 'button-small' : ''}`

export function Button({
  children,
  tone = 'plain',
  small = false,
  type = 'button',
  busy = false,
  disabled = false,
  icon,
  onPress,
  label,
  expanded,
}: ButtonProps) {
  return (
    <button
      type={type}
      className={classOf(tone, small)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      aria-label={label}
      aria-expanded={expanded}
      onClick={onPress}
    >
      {busy ? <Icon name="wait" className="spin" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

export function IconButton({
  icon,
  label,
  onPress,
  small = false,
  disabled = false,
  tone = 'plain',
}: {
  readonly icon: IconName
  readonly label: string
  readonly onPress: () => void
  readonly small?: boolean
  readonly disabled?: boolean
  readonly tone?: Tone
}) {
  return (
    <button type="button" className={`${classOf(tone, small)} button-icon`} aria-label={label} title={label} disabled={disabled} onClick={onPress}>
      <Icon name={icon} />
    </button>
  )
}
