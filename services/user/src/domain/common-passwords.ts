/** Passwords of 8 characters and more that lists of leaked ones begin with, and the obvious ones here. Lower case. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `12345678 123456789 1234567890 0123456789 987654321 9876543210 87654321 11223344 1122334455 12341234 12344321 123123123 123321123 12121212 13131313
  123456789a 12345678a a12345678 a123456789 1234qwer 123qweasd 123456abc abc12345 abc123456 abcd1234 1234abcd abcdefgh abcdefghi abcdef123 aa123456 aa12345678
  qwerty12 qwerty123 qwerty1234 qwertyui qwertyuiop qwertyuiop123 asdfghjk asdfghjkl asdf1234 asdfasdf zxcvbnm1 zxcvbnm123 1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4
  qazwsxedc azerty123 azertyuiop password password1 password12 password123 password1234 password! passw0rd p@ssw0rd p@ssword pa55word mypassword passwords
  motdepasse motdepasse1 motdepasse123 iloveyou iloveyou1 iloveyou2 jetaime1 princess princess1 sunshine sunshine1 football football1 baseball basketball
  superman superman1 spiderman starwars pokemon1 minecraft michelle jennifer jessica1 charlie1 trustno1 whatever letmein1 letmein123 welcome1 welcome12 welcome123
  welcome2024 welcome2025 welcome2026 changeme changeme1 changeme123 default1 computer computer1 internet internet1 samsung1 liverpool liverpool1 arsenal1 arsenal123
  chelsea1 chelsea123 manchester barcelona ronaldo7 cristiano messi123 jesus123 jesuschrist jesusislord blessed1 godislove imana123 imanayanjye
  rwanda12 rwanda123 rwanda250 rwanda2024 rwanda2025 rwanda2026 kigali12 kigali123 kigali250 murakoze murakoze1 amakuru1 muraho123 umuganda urukundo ndagukunda
  ijambobanga student1 student123 students teacher1 teacher123 teachers admin123 admin1234 admin12345 administrator administrator1 root1234 school12 school123
  competa1 competa123 competaarena arena123 contest1 contest123 testtest test1234 test12345 testing1 testing123 secret12 secret123 google12 google123
  facebook facebook1 whatsapp whatsapp1 computer123 science1 science123 physics1 physics123 mathematics maths123`
    .split(/\s+/)
    .filter(Boolean),
)
