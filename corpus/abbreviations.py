"""Abbreviations that end in a point without ending a sentence, by language. Data only.

Entries are in lower case without their last point; inner points are kept (`e.g`, `z.b`).
"""

from __future__ import annotations

__all__ = ["BEFORE_NAMES", "BEFORE_NUMBERS", "OTHERS", "STARTERS"]

_BEFORE_NAMES = {
    "": "dr mr mrs ms prof gen lt col sgt capt cpl maj cmdr adm messrs mme mmes mlle mm",
    "en": "hon rev sen rep reps sens gov supt vs v viz approx cf e.g i.e eg ie",
    "de": "hr fr frl hrsg vgl bzw bspw sog ggf z.b d.h u.a i.d.r i.s.d i.v.m z.t o.ä inkl einschl ca evtl "
    "gem str lfd stellv zzgl abzgl geb dipl ing h.c rd zit ms",
    "es": "sr sra sres sras srta d dña excmo excma ilmo ilma lic ing arq gral cnel avda admón p.ej aprox ee",
    "fr": "me mgr p.ex env",
    "pt": "sr sra srs sras dra exmo exma eng p.ex v.exa av aprox",
    "it": "sig sigg sig.ra dott dott.ssa avv on ing p.es ca",
    "nl": "dhr mevr mw ir ing drs bijv bv d.w.z ca o.a t.a.v i.v.m t.o.v m.b.t m.i.v resp",
    "sv": "t.ex bl.a d.v.s s.k m.m ca resp",
    "da": "f.eks bl.a d.v.s hr fr ca jf pga",
    "no": "f.eks bl.a dvs hr fr ca jf pga",
    "fi": "esim mm ns ks ts",
    "hu": "dr pl ill ún kb ifj id özv",
    "ro": "dl dna d-na d-l ex",
    "ru": "т.е т.н напр им ул акад проф г-н г-жа см ср гр тов",
    "ar": "",
}

_BEFORE_NUMBERS = {
    "": "no nos art arts p pp vol vols ch chap fig figs para paras par eq ed tab n nr nrs",
    "en": "sec secs subsec subsecs par pars subpar subpars subd cl sched reg regs app pt pts tit stat subch "
    "exh doc cong sess op res supp ct ord jan feb mar apr jun jul aug sept sep oct nov dec pub pl ver ex",
    "de": "abs nrn s ziff buchst kap bd rn rdn rdnr tz anm anl az bgbl abl reichsgesetzbl anh jg hs halbs "
    "unterabs aufl jan feb mär apr jun jul aug sept okt nov dez v",
    "es": "núm núms pág págs párr cap inc tít fracc apdo ss ene feb mar abr jun jul ago sept set oct nov dic",
    "fr": "al chap janv févr avr juil sept oct nov déc",
    "pt": "núm n.º nº pág págs cap inc par jan fev mar abr mai jun jul ago set out nov dez",
    "it": "pag pagg cap co lett gen feb mar apr mag giu lug ago set ott nov dic num",
    "nl": "blz lid hfst jan feb mrt apr jun jul aug sept okt nov dec",
    "sv": "kap st mom",
    "da": "stk litra kap",
    "no": "pkt kap",
    "fi": "mom luku s",
    "hu": "bek sz old §",
    "ro": "alin lit pct nr pag",
    "ru": "ст п пп гл рис табл стр ч разд т",
    "ar": "",
}

_OTHERS = {
    "": "st mt etc al seq jr sr co corp inc ltd plc llc cie ibid id loc cit ph.d b.a m.a ll.m",
    "en": "app supp ann exec bankr cal fla kan mass mich minn okla pa tex va wis "
    "bros assn natl govt dept univ ave blvd rd ft a.m p.m",
    "de": "usw u.s.w ff f a.a.o m.w.n mio mrd tsd str u.ä v mwv",
    "es": "etcétera s.a ss cía ltda hnos ud uds vd vds ee.uu a.c d.c",
    "fr": "s.a n.b",
    "pt": "s.a cia ltda",
    "it": "ecc s.p.a s.r.l",
    "nl": "enz e.d e.v jl",
    "sv": "o.s.v osv",
    "da": "osv m.v mv",
    "no": "osv m.v mv",
    "fi": "jne ym yms",
    "hu": "stb",
    "ro": "ș.a",
    "ru": "т.д т.п др пр г гг в вв руб коп тыс млн млрд",
    "ar": "",
}

_STARTERS = {
    "en": "accordingly additionally both despite finally first furthermore moreover nonetheless nothing "
    "notwithstanding nevertheless pursuant second secondly similarly such third today upon yesterday",
    "de": "satz dies dabei danach daher darüber deshalb dazu ferner hierzu hierbei zudem",
    "es": "asimismo además finalmente igualmente",
    "fr": "toutefois enfin cependant",
}


def _by_language(words: dict[str, str]) -> dict[str, frozenset[str]]:
    common = words.get("", "").split()
    return {language: frozenset([*common, *more.split()]) for language, more in words.items()}


BEFORE_NAMES = _by_language(_BEFORE_NAMES)
"""Never end a sentence: something always follows (`Dr. Elizabeth`, `cf. the`)."""
BEFORE_NUMBERS = _by_language(_BEFORE_NUMBERS)
"""End no sentence when a number follows (`No. 5`, `Abs. 1`)."""
OTHERS = _by_language(_OTHERS)
"""End a sentence only when a word follows that often begins one (`etc. The`)."""
STARTERS = _by_language(_STARTERS)
"""Words besides the function words that often begin a sentence."""
