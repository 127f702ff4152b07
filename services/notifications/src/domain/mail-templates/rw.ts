import type { MailTexts } from './shape.ts'

export const rw: MailTexts = {
  mails: {
    welcome: {
      subject: 'Murakaza neza kuri Competa Arena: emeza aderesi yawe',
      heading: 'Murakaza neza kuri Competa Arena',
      blocks: [
        'Konti yawe yafunguwe. Emeza ko iyi aderesi ya imeyili ari iyawe, kugira ngo ujye wibutswa amarushanwa kandi ushobore guhindura ijambobanga niba uryibagiwe.',
        'Iyi linki ikora rimwe gusa. Igihe ntarengwa: {until}.',
      ],
      button: 'Emeza aderesi yanjye',
    },
    'verify-email': {
      subject: 'Emeza aderesi yawe ya imeyili',
      heading: 'Iyi aderesi ni iyawe?',
      blocks: ['Iyi aderesi yanditswe kuri konti yawe ya Competa Arena. Emeza ko ari iyawe.', 'Iyi linki ikora rimwe gusa. Igihe ntarengwa: {until}.'],
      button: 'Emeza aderesi yanjye',
    },
    'reset-password': {
      subject: 'Ijambobanga rishya rya Competa Arena',
      heading: 'Hitamo ijambobanga rishya',
      blocks: [
        'Hari uwasabye ijambobanga rishya rya konti yawe. Niba ari wowe, rihitemo hano. Uzasabwa kongera kwinjira ku bikoresho byose.',
        'Iyi linki ikora rimwe gusa. Igihe ntarengwa: {until}. Niba atari wowe wabisabye, ntugire icyo ukora: ijambobanga ryawe ntirihinduka.',
      ],
      button: 'Hitamo ijambobanga rishya',
    },
    'contest-tomorrow': {
      subject: 'Ejo: {title}',
      heading: '{title}',
      blocks: ['Irushanwa wiyandikishijemo rizatangira {start}.'],
      button: 'Fungura irushanwa',
    },
    'contest-soon': {
      subject: 'Rigiye gutangira: {title}',
      heading: '{title}',
      blocks: ['Irushanwa wiyandikishijemo rigiye gutangira: {start}.', 'Injira mbere gato y’uko ritangira.'],
      button: 'Fungura irushanwa',
    },
    'contest-result': {
      subject: 'Amanota yawe: {title}',
      heading: '{title}',
      blocks: ['Irushanwa ryarangiye. Umwanya wawe: {rank} kuri {total}.', '{outcome}'],
      button: 'Reba urutonde',
    },
    receipt: {
      subject: 'Inyemezabwishyu nº {number} ya Competa Arena',
      heading: 'Inyemezabwishyu nº {number}',
      blocks: ['Murakoze. Twakiriye {amount} ya “{plan}”, kuva ku wa {from} kugeza ku wa {to}.', 'Nimero y’ubwishyu: {reference}'],
      button: 'Reba inyemezabwishyu',
    },
    'credit-note': {
      subject: 'Amafaranga yasubijwe, nº {number}, Competa Arena',
      heading: 'Amafaranga yasubijwe, nº {number}',
      blocks: ['Twagusubije {amount} yo ku nyemezabwishyu nº {of}, ya “{plan}”, kuva ku wa {from} kugeza ku wa {to}.', 'Nimero y’ubwishyu: {reference}'],
      button: 'Reba inyandiko',
    },
    'renewal-due': {
      subject: 'Ifatabuguzi ryawe rizarangira ku wa {end}',
      heading: 'Urashaka gukomeza “{plan}”?',
      blocks: [
        'Ifatabuguzi ryawe “{plan}” ryishyuwe kugeza ku wa {end}. Igihe gikurikira kigura {amount}.',
        'Nta mafaranga akurwaho utabizi. Nutishyura, bizakomeza gukora kugeza ku wa {openUntil}, hanyuma bihagarare.',
      ],
      button: 'Ishyura igihe gikurikira',
    },
    'renewal-late': {
      subject: 'Ifatabuguzi ryawe ritegereje kwishyurwa',
      heading: '“{plan}” ntirishyuwe',
      blocks: ['Igihe wishyuye cyarangiye ku wa {end}. Byose biracyakora kugeza ku wa {openUntil}.', 'Kugira ngo bikomeze nyuma yaho, ishyura {amount}.'],
      button: 'Ishyura ubu',
    },
    'subscription-over': {
      subject: 'Ifatabuguzi ryawe ryarangiye',
      heading: '“{plan}” ryarangiye',
      blocks: ['Ifatabuguzi ryawe “{plan}” ryarangiye. Amarushanwa y’ubuntu aracyafunguye, kandi ibyo wakoze byose birabitswe.'],
      button: 'Reba ibiciro',
    },
  },
  greeting: 'Muraho {name},',
  plainGreeting: 'Muraho,',
  linkHint: 'Niba buto idakora, fungura iyi aderesi:',
  accountFooter: 'Wabonye ubu butumwa kuko iyi aderesi yanditswe kuri {host}. Niba atari wowe, bwirengagize.',
  bulkFooter: 'Wabonye ubu butumwa kuko ufite konti kuri {host}.',
  unsubscribe: 'Sinshaka ubundi butumwa nk’ubu',
  outcome: { icpc: 'Wakemuye ibibazo {solved} kuri {problemCount}.', points: 'Wabonye amanota {score}.', ioi: 'Wabonye amanota {score}.' },
  time: '{weekday}, tariki ya {day} {month} {year}, saa {hour}:{minute} (isaha y’i Kigali, UTC+2)',
  day: '{day} {month} {year}',
  weekdays: ['ku Cyumweru', 'ku wa Mbere', 'ku wa Kabiri', 'ku wa Gatatu', 'ku wa Kane', 'ku wa Gatanu', 'ku wa Gatandatu'],
  months: ['Mutarama', 'Gashyantare', 'Werurwe', 'Mata', 'Gicurasi', 'Kamena', 'Nyakanga', 'Kanama', 'Nzeri', 'Ukwakira', 'Ugushyingo', 'Ukuboza'],
  thousands: '.',
  decimal: ',',
}
