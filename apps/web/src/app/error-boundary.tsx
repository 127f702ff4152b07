import { Component, type ReactNode } from 'react'
import { t } from '../lib/translate.ts'
import { Note } from '../ui/states.tsx'

type Props = { readonly path: string; readonly children: ReactNode }

/** A page that failed to draw, or whose part could not be fetched, leaves the shell standing and offers to load it again; another page is tried afresh. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override componentDidUpdate(before: Props) {
    if (this.state.failed && before.path !== this.props.path) this.setState({ failed: false })
  }
  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <Note tone="bad" live>
        <p>{t('error.page')}</p>
        <p style={{ marginTop: '0.6rem' }}>
          <button type="button" className="button" onClick={() => location.reload()}>
            {t('action.reload')}
          </button>
        </p>
      </Note>
    )
  }
}
