"""Function words by language: articles, pronouns, prepositions, conjunctions, auxiliaries.

Data only; `docsearch.corpus.languages` serves them. The English list is the long one, since it also
decides what a question (`what must a bank do when ...`) is scored by; "not" and "no" are in it
because every clause of a rule holds them.
"""

from __future__ import annotations

__all__ = ["FUNCTION_WORDS"]

_ENGLISH = """
a an the this that these those such same other another any all both each every either neither some
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself
she her hers herself it its itself they them their theirs themselves one ones anyone everyone someone
anything everything something nothing
what which who whom whose when where why how whether whatever whichever whoever whenever wherever
about above across after against along among around at before behind below beneath beside besides
between beyond by down during except for from in inside into near of off on onto out outside over
per since through throughout to toward towards under until unto up upon via with within without
and or nor but if because as than then so though although while unless whereas once else
also too very just only even still already yet ever never always often again further more most much
many few less least several own not no yes
here there hence thus therefore thereby therein thereof thereto hereby herein hereof hereto however
am is are was were be been being have has had having do does did doing done
can could may might must shall should will would ought cannot
get gets got let lets make makes made please tell explain describe give given
"""

_SPANISH = """
el la los las lo un una unos unas y e o u ni que de del a al en con por para sin sobre entre hasta
desde hacia según contra durante mediante tras ante bajo se su sus le les me mi mis te tu tus nos
nuestro nuestra es son era eran fue fueron ser sido está están estaba ha han había hay haber sea sean
será serán este esta estos estas ese esa esos esas aquel aquella esto eso como cuando donde quien
quienes cual cuales cuyo cuya qué cómo cuándo dónde quién cuál pero sino si no más menos muy también
ya así porque aunque todo toda todos todas otro otra otros otras cada mismo misma dicho dicha podrá
podrán deberá deberán puede pueden debe deben
"""

_GERMAN = """
der die das den dem des ein eine einer eines einem einen kein keine keiner und oder aber sondern denn
weil dass daß ob wenn als wie in im an am auf aus bei beim bis durch für gegen mit nach ohne über um
unter von vom vor während wegen zu zum zur zwischen ist sind war waren wird werden wurde wurden worden
sein hat haben hatte kann können soll sollen muss müssen darf dürfen ich du er sie es wir ihr ihm ihn
ihre ihrer ihren ihrem sich dieser diese dieses diesem diesen jener jede jeder jedes welche welcher
welches was wer wo wann warum nicht nur auch noch schon so sowie soweit sofern insbesondere nach hier
dort dann da man alle aller allen andere anderen anderer sehr mehr
"""

_FRENCH = """
le la les l un une des du de d et ou où ni mais donc or car que qui quoi dont ce cet cette ces c il
elle ils elles on je tu nous vous me te se s y en à au aux dans par pour avec sans sous sur entre vers
chez depuis pendant contre selon est sont était étaient été être ont avait avaient avoir fait soit
sera seront peut peuvent doit doivent ne n pas plus moins très aussi comme si leur leurs son sa ses
mon ma mes notre nos votre vos quand comment pourquoi quel quelle quels quelles tout toute tous toutes
autre autres même mêmes ainsi afin lorsque notamment
"""

_PORTUGUESE = """
o a os as um uma uns umas e ou nem que de do da dos das em no na nos nas num numa por pelo pela pelos
pelas para com sem sobre entre até desde contra durante ao aos à às se seu sua seus suas lhe lhes me
meu minha nós é são era eram foi foram ser sido está estão estava tem têm tinha há haver seja sejam
será serão este esta estes estas esse essa esses essas aquele aquela isto isso como quando onde quem
qual quais cujo cuja mas se não mais menos muito também já assim porque embora todo toda todos todas
outro outra outros outras cada mesmo mesma pode podem deve devem poderá deverá ele ela eles elas
"""

_ITALIAN = """
il lo la i gli le l un uno una e ed o ma né che di del dello della dei degli delle a al allo alla ai
agli alle da dal dallo dalla dai dagli dalle in nel nello nella nei negli nelle su sul sulla sui sulle
con per tra fra senza sopra sotto verso contro durante secondo si suo sua suoi sue loro ci vi ne mi ti
è sono era erano fu essere stato stata stati state ha hanno aveva avere sia siano sarà saranno questo
questa questi queste quello quella quelli quelle come quando dove chi cui quale quali non più meno
molto anche già così perché se ogni tutto tutta tutti tutte altro altra altri altre stesso può possono
deve devono egli essi
"""

_DUTCH = """
de het een en of maar want dat die dit deze die er van in op aan bij met voor naar uit over om door
onder tegen tot tussen zonder tijdens volgens is zijn was waren wordt worden werd werden geweest heeft
hebben had hadden kan kunnen zal zullen moet moeten mag mogen ik je jij u hij zij ze wij we hun haar
hem zich zijn niet geen ook nog wel al als dan zo zoals omdat indien wanneer waar wie wat welke hoe
waarom alle andere ander elk elke ieder iedere meer zeer reeds te ten ter
"""

_SWEDISH = """
den det de en ett och eller men att som i på av för med till från om vid under över efter mot mellan
utan genom hos är var vara varit blir blev har hade ha kan ska skall skulle måste får inte icke ej
också även än så då när där här vad vem vilken vilket vilka hur varför jag du han hon vi ni dem sig
sin sitt sina denna detta dessa alla andra annan varje någon något några ingen inga mycket mer enligt
samt
"""

_DANISH = """
den det de en et og eller men at som i på af for med til fra om ved under over efter mod mellem uden
gennem hos er var være været bliver blev har havde have kan skal skulle må ikke også end så da når
hvor her hvad hvem hvilken hvilket hvilke hvordan hvorfor jeg du han hun vi dem sig sin sit sine denne
dette disse alle andre anden hver nogen noget nogle ingen meget mere ifølge samt herunder efter af
"""

_NORWEGIAN = """
den det de en ei et og eller men at som i på av for med til fra om ved under over etter mot mellom
uten gjennom hos er var være vært blir ble har hadde ha kan skal skulle må ikke også enn så da når
hvor her hva hvem hvilken hvilket hvilke hvordan hvorfor jeg du han hun vi dem seg sin sitt sine denne
dette disse alle andre annen hver noen noe ingen meget mer ifølge samt herunder etter av
"""

_FINNISH = """
ja tai sekä mutta vaan että jotta kun jos koska kuin niin myös ei eivät ole olla on ovat oli olivat
ollut olisi se ne hän he minä sinä me te tämä tämän tässä tätä nämä tuo joka jonka jossa jota jotka
joiden mikä mitä kuka missä milloin miten miksi sen siitä siihen niiden kaikki muu muut muun kukin
ennen jälkeen mukaan kanssa ilman varten vuoksi välillä aikana sitä itse vain jo vielä hyvin enemmän
voi voivat voidaan tulee
"""

_HUNGARIAN = """
a az egy és vagy de hogy ha mert mint nem ne is csak még már meg el ki be fel le ez azt ezt ezek azok
ennek annak erre arra ebben abban aki ami amely amelyek amelyet amelynek akik kik mi ki hol mikor
miért hogyan van vannak volt voltak lesz lehet kell én te ő mi ti ők minden más másik által alatt
szerint után előtt között nélkül valamint illetve illetőleg továbbá során ezért így úgy nagyon több
kivéve
"""

_ROMANIAN = """
și sau dar iar ci că să de la din în pe cu pentru prin fără sub peste între spre după până a al ai ale
un o unei unui niște este sunt era erau fi fost are au avea avut va vor poate pot trebuie nu mai care
ce cine unde când cum cât eu tu el ea noi voi ei ele se își lui lor său sa săi sale acest această
acești aceste acesta aceasta acel acea orice fiecare tot toate toți alt altă alte alți dacă deci
precum potrivit către ca
"""

_RUSSIAN = """
и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по её ее мне было вот от
меня о из ему когда даже ну если или быть был была были него до нас них для мы их чем при без это этот
эта эти этого этой этом тот та те того той том который которая которое которые которых которой кто где
почему также только уже может могут должен должны есть будет между под над после перед через об либо
иных иные либо свой своих
"""

_ARABIC = """
في من على إلى عن مع هذا هذه ذلك تلك التي الذي الذين ما لا لم لن إن أن أو ثم كل بعد قبل بين عند حتى إذا
كان كانت يكون تكون قد كما هو هي هم هن أي غير بعض منذ خلال حول دون ضد لكن بل لدى أنه أنها وقد وفي ومن
وعلى ولا أما إلا فيما منها فيها عليها به بها له لها لهم حيث بموجب وفقا التى الى ان او
"""

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": _ENGLISH,
        "es": _SPANISH,
        "de": _GERMAN,
        "fr": _FRENCH,
        "pt": _PORTUGUESE,
        "it": _ITALIAN,
        "nl": _DUTCH,
        "ru": _RUSSIAN,
        "ar": _ARABIC,
        "sv": _SWEDISH,
        "da": _DANISH,
        "no": _NORWEGIAN,
        "fi": _FINNISH,
        "hu": _HUNGARIAN,
        "ro": _ROMANIAN,
    }.items()
}
