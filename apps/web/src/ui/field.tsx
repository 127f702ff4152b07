import { type ReactNode, useId } from 'react'

type FieldProps = {
  readonly label: string
  readonly hint?: ReactNode
  /** What is wrong with the value; told to screen readers when it appears. */
  readonly error?: string | undefined
  readonly children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ReactNode
}

/** A labelled control with its hint and error tied to it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children({ id, ...(described && { 'aria-describedby': described }), ...(error && { 'aria-invalid': true }) })}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

type TextFieldProps = Omit<FieldProps, 'children'> & {
  readonly value: string
  readonly onText: (value: string) => void
  readonly type?: string
  readonly name?: string
  readonly autoComplete?: string
  readonly required?: boolean
  readonly maxLength?: number
  readonly inputMode?: 'text' | 'decimal' | 'numeric' | 'email'
  readonly className?: string
  readonly disabled?: boolean
  readonly min?: number
  readonly step?: number | 'any'
  readonly placeholder?: string
}

export function TextField({ label, hint, error, onText, className = '', ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <input className={`input ${className}`} {...input} {...control} onChange={(event) => onText(event.currentTarget.value)} />}
    </Field>
  )
}

type SelectFieldProps<T extends string> = Omit<FieldProps, 'children'> & {
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly onPick: (value: T) => void
  readonly disabled?: boolean
}

export function SelectField<T extends string>({ label, hint, error, value, options, onPick, disabled }: SelectFieldProps<T>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <select className="input" {...control} value={value} disabled={disabled} onChange={(event) => onPick(event.currentTarget.value as T)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function CheckField({
  label,
  checked,
  onCheck,
  disabled,
}: {
  readonly label: ReactNode
  readonly checked: boolean
  readonly onCheck: (checked: boolean) => void
  readonly disabled?: boolean
}) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onCheck(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  )
}

type RadioFieldProps<T extends string> = {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: ReactNode; readonly hint?: ReactNode }[]
  readonly onPick: (value: T) => void
}

/** One of a few, all of them seen at once. */
export function RadioField<T extends string>({ label, value, options, onPick }: RadioFieldProps<T>) {
  const name = useId()
  return (
    <fieldset>
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="check">
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onPick(option.value)} />
          <span>
            {option.label}
            {option.hint && <span className="hint block">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

type TextAreaFieldProps = Omit<FieldProps, 'children'> & {
  readonly value: string
  readonly onText: (value: string) => void
  readonly rows?: number
  readonly maxLength?: number
}

export function TextAreaField({ label, hint, error, onText, rows = 3, ...input }: TextAreaFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <textarea className="input" rows={rows} {...input} {...control} onChange={(event) => onText(event.currentTarget.value)} />}
    </Field>
  )
}
