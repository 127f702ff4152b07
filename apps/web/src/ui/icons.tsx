/** Line icons drawn here: no icon font, no request. Decorative always: the words beside them carry the meaning. */
const paths = {
  check: 'M4 12.500 9.500 18 20 6.500',
  cross: 'M6 6l12 12M18 6 6 18',
  clock: 'M12 7v5l3.500 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18',
  memory: 'M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4',
  output: 'M4 6h16M4 12h16M4 18h9',
  bolt: 'M13 3 5 14h6l-1 7 8-11h-6z',
  wrench: 'M14.500 6.500a4 4 0 0 0-5.200 5.200L4 17l3 3 5.300-5.300a4 4 0 0 0 5.200-5.200L15 12l-3-3z',
  half: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 3v18',
  wait: 'M12 3a9 9 0 1 1-9 9',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15zM10 20.500h4',
  menu: 'M4 7h16M4 12h16M4 17h16',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2.500M12 19.500V22M2 12h2.500M19.500 12H22M5 5l1.700 1.700M17.300 17.300 19 19M19 5l-1.700 1.700M6.700 17.300 5 19',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500',
  screen: 'M4 5h16v11H4zM9 20h6M12 16v4',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.500 20.500a7.500 7.500 0 0 1 15 0',
  people:
    'M9 5a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7M2.500 19.500a6.500 6.500 0 0 1 13 0M16 5.500a3.500 3.500 0 0 1 0 6.500M18 13.500a6.500 6.500 0 0 1 3.500 6',
  flag: 'M6 21V4h12l-3 4.500L18 13H6',
  star: 'm12 3.500 2.600 5.400 5.900.800-4.300 4.100 1 5.900L12 16.900l-5.200 2.800 1-5.900L3.500 9.700l5.900-.800z',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5.500M12 7.500v.500',
  alert: 'M12 4 2.500 20h19zM12 10v4.500M12 17v.500',
  plus: 'M12 5v14M5 12h14',
  up: 'm6 14 6-6 6 6',
  down: 'm6 10 6 6 6-6',
  left: 'm14 6-6 6 6 6',
  play: 'M7 4.500v15l12-7.500z',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  upload: 'M12 16V4M7 8.500 12 4l5 4.500M4 16v4h16v-4',
  download: 'M12 4v12M7 11.500 12 16l5-4.500M4 16v4h16v-4',
  snow: 'M12 2.500v19M4 7.200l16 9.600M20 7.200 4 16.800',
  inbox: 'M4 13 6.500 5h11L20 13v6H4zM4 13h5l1 2.500h4l1-2.500h5',
  physics:
    'M12 10.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3M12 8c5.500 0 9.500 1.800 9.500 4s-4 4-9.500 4-9.500-1.800-9.500-4 4-4 9.500-4M8.500 10C11.300 5.200 14.800 2.600 16.700 3.700s1.600 5.500-1.200 10.300-6.300 7.400-8.200 6.300S5.700 14.800 8.500 10M8.500 14c-2.800-4.800-3.100-9.200-1.200-10.300s5.400 1.500 8.200 6.300 3.100 9.200 1.200 10.300-5.400-1.500-8.200-6.300',
  mathematics: 'M4 8.500C5.500 6 8 6.500 10 6.500h10M9 6.500c0 5-1 9-3.500 12M15 6.500v9c0 2.500 1.500 3.500 4 2.500',
  'computer-science': 'm8 7-5 5 5 5M16 7l5 5-5 5M13.500 5l-3 14',
  mixed: 'M5 5h6v6H5zM13 13h6v6h-6zM16 4.500 20 11h-8zM8 13a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 18, className }: { readonly name: IconName; readonly size?: number; readonly className?: string | undefined }) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
