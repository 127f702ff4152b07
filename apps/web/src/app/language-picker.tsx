import { useTranslation } from 'react-i18next'
import { languages } from '../lib/languages.ts'
import { toast } from '../ui/toasts.tsx'
import { pickLanguage } from './language.ts'

/** Each language under its own name, since whoever looks for theirs may not read the present one. */
export function LanguagePicker() {
  const { t, i18n } = useTranslation()
  const pick = async (language: (typeof languages)[number]) => {
    const picked = await pickLanguage(language)
    if (picked !== 'spoken') toast(i18n.t(picked === 'not-loaded' ? 'language.notLoaded' : 'language.notSaved'))
  }
  return (
    <fieldset className="language-picker">
      <legend className="small muted">{t('language.label')}</legend>
      <div className="row" style={{ gap: '0.3rem' }}>
        {languages.map((each) => (
          <button
            key={each}
            type="button"
            lang={each}
            className={`button button-small ${i18n.language === each ? 'button-primary' : ''}`}
            aria-pressed={i18n.language === each}
            onClick={() => void pick(each)}
          >
            {t(`language.${each}`)}
          </button>
        ))}
      </div>
    </fieldset>
  )
}
