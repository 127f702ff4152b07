import { Link, useLocation } from 'wouter'

export type Tab = { readonly href: string; readonly label: string; readonly isCurrent?: (path: string) => boolean }

export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const [path] = useLocation()
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.href} href={tab.href} aria-current={(tab.isCurrent ? tab.isCurrent(path) : path === tab.href) ? 'page' : undefined}>
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
