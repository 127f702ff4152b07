import type { MailTexts } from './shape.ts'

export const fr: MailTexts = {
  mails: {
    welcome: {
      subject: 'Bienvenue sur Competa Arena : confirmez votre adresse',
      heading: 'Bienvenue sur Competa Arena',
      blocks: [
        'Votre compte est prêt. Confirmez que cette adresse est la vôtre, pour recevoir les rappels et pouvoir choisir un nouveau mot de passe en cas d’oubli.',
        'Le lien ne sert qu’une fois et reste valable jusqu’à cette date : {until}.',
      ],
      button: 'Confirmer mon adresse',
    },
    'verify-email': {
      subject: 'Confirmez votre adresse e-mail',
      heading: 'Cette adresse est-elle la vôtre ?',
      blocks: [
        'Cette adresse a été saisie pour votre compte sur Competa Arena. Confirmez qu’elle est la vôtre.',
        'Le lien ne sert qu’une fois et reste valable jusqu’à cette date : {until}.',
      ],
      button: 'Confirmer mon adresse',
    },
    'reset-password': {
      subject: 'Un nouveau mot de passe pour Competa Arena',
      heading: 'Choisissez un nouveau mot de passe',
      blocks: [
        'Quelqu’un a demandé un nouveau mot de passe pour votre compte. Si c’est vous, choisissez-le ici. Il faudra vous reconnecter sur tous vos appareils.',
        'Le lien ne sert qu’une fois et reste valable jusqu’à cette date : {until}. Si ce n’est pas vous, ne faites rien : votre mot de passe ne change pas.',
      ],
      button: 'Choisir un nouveau mot de passe',
    },
    'contest-tomorrow': {
      subject: 'Demain : {title}',
      heading: '{title}',
      blocks: ['Le concours auquel vous êtes inscrit commence {start}.'],
      button: 'Ouvrir le concours',
    },
    'contest-soon': {
      subject: 'Bientôt : {title}',
      heading: '{title}',
      blocks: ['Le concours auquel vous êtes inscrit va commencer : {start}.', 'Connectez-vous un peu avant, pour être là dès la première minute.'],
      button: 'Ouvrir le concours',
    },
    'contest-result': {
      subject: 'Votre résultat : {title}',
      heading: '{title}',
      blocks: ['Le concours est terminé. Votre rang : {rank} sur {total}.', '{outcome}'],
      button: 'Voir le classement',
    },
    receipt: {
      subject: 'Reçu {number} de Competa Arena',
      heading: 'Reçu {number}',
      blocks: ['Merci. Nous avons reçu {amount} pour « {plan} », du {from} au {to}.', 'Référence du paiement : {reference}'],
      button: 'Voir le reçu',
    },
    'credit-note': {
      subject: 'Note de crédit {number} de Competa Arena',
      heading: 'Note de crédit {number}',
      blocks: ['Nous avons remboursé {amount} du reçu {of}, pour « {plan} », du {from} au {to}.', 'Référence du paiement : {reference}'],
      button: 'Voir la note de crédit',
    },
    'renewal-due': {
      subject: 'Votre abonnement se termine le {end}',
      heading: 'Continuer avec « {plan} » ?',
      blocks: [
        'Votre abonnement « {plan} » est payé jusqu’au {end}. La période suivante coûte {amount}.',
        'Rien n’est prélevé automatiquement. Sans paiement, tout continue jusqu’au {openUntil}, puis l’abonnement prend fin.',
      ],
      button: 'Payer la période suivante',
    },
    'renewal-late': {
      subject: 'Votre abonnement attend son paiement',
      heading: '« {plan} » n’est pas payé',
      blocks: ['La période payée s’est terminée le {end}. Tout continue jusqu’au {openUntil}.', 'Pour le garder ensuite, payez {amount}.'],
      button: 'Payer maintenant',
    },
    'subscription-over': {
      subject: 'Votre abonnement est terminé',
      heading: '« {plan} » est terminé',
      blocks: ['Votre abonnement « {plan} » est terminé. Les concours gratuits vous restent ouverts, et tout ce que vous avez fait est conservé.'],
      button: 'Voir les offres',
    },
  },
  greeting: 'Bonjour {name},',
  plainGreeting: 'Bonjour,',
  linkHint: 'Si le bouton ne fonctionne pas, ouvrez cette adresse :',
  accountFooter: 'Vous recevez ce message parce que cette adresse a été saisie sur {host}. Si ce n’était pas vous, ignorez-le.',
  bulkFooter: 'Vous recevez ce message parce que vous avez un compte sur {host}.',
  unsubscribe: 'Ne plus recevoir ce type de message',
  outcome: { icpc: 'Problèmes résolus : {solved} sur {problemCount}.', points: 'Points obtenus : {score}.', ioi: 'Points obtenus : {score}.' },
  time: 'le {weekday} {day} {month} {year} à {hour} h {minute} (heure de Kigali, UTC+2)',
  day: '{day} {month} {year}',
  weekdays: ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
  months: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
  thousands: ' ',
  decimal: ',',
}
