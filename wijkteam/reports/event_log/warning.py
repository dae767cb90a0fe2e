"""What whoever takes the log has to know."""

from wijkteam.engine.definition import Text

WHAT_IT_IS = Text(
    nl=(
        "Pseudonieme persoonsgegevens, niet anoniem. Namen zijn vervangen en teksten ontbreken, maar wie weet wat er "
        "wanneer gebeurde, kan iemand herkennen. Alleen voor onderzoek naar het eigen werkproces; niet delen, niet "
        "koppelen, en weggooien na gebruik (AVG art. 4 lid 5)."
    ),
    en=(
        "Pseudonymous personal data, not anonymous. Names are replaced and texts are left out, yet whoever knows what "
        "happened when may recognise somebody. Only to study one's own way of working; do not share, do not link, and "
        "throw away after use (GDPR art. 4(5))."
    ),
)
