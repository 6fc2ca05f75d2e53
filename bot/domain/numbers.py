"""Numbers as headlines write them: in digits and in words, in the languages of the catalogue.

From two to twenty; "one" is left out, for it is an article or a pronoun as often as a number.
"""

from typing import Final

from bot.domain.words import fold

_WORDS: Final = {
    2: "two два дві двоє двох двом двое двум deux zwei",
    3: "three три троє трьох трьом трое трех трем trois drei",
    4: "four чотири четверо чотирьох четыре четырех quatre vier",
    5: "five п'ять п'ятеро п'яти п'ятьох пять пятеро пяти cinq fünf",
    6: "six шість шестеро шести шістьох шесть шестерых sechs",
    7: "seven сім семеро семи сімох семь семерых sept sieben",
    8: "eight вісім восьмеро восьми вісьмох восемь huit acht",
    9: "nine дев'ять дев'ятеро дев'яти девять девяти neuf neun",
    10: "ten десять десятеро десяти dix zehn",
    11: "eleven одинадцять одинадцяти одиннадцать одиннадцати onze elf",
    12: "twelve дванадцять дванадцяти двенадцать двенадцати douze zwölf",
    13: "thirteen тринадцять тринадцяти тринадцать тринадцати treize dreizehn",
    14: "fourteen чотирнадцять чотирнадцяти четырнадцать quatorze vierzehn",
    15: "fifteen п'ятнадцять п'ятнадцяти пятнадцать пятнадцати quinze fünfzehn",
    16: "sixteen шістнадцять шестнадцать seize sechzehn",
    17: "seventeen сімнадцять семнадцать siebzehn",
    18: "eighteen вісімнадцять восемнадцать achtzehn",
    19: "nineteen дев'ятнадцять девятнадцать neunzehn",
    20: "twenty двадцять двадцяти двадцать двадцати vingt zwanzig",
}
_IN_DIGITS: Final = {fold(word): str(number) for number, words in _WORDS.items() for word in words.split()}


def in_digits(folded: str) -> str:
    """A folded word, or its number in digits where it is one."""
    return _IN_DIGITS.get(folded, folded)
