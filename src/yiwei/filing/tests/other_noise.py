"""A second town, written down by other hands than those of `noise`: other names of estates, other ways of writing, other look-alikes.

Seeded. A row is what a sheet would hold: cells of a filing or of a customer, also in the wrong column.
"""

import random
from dataclasses import dataclass, replace

from yiwei.filing.rules.matching import party

from .noise import GIVEN, SOUNDS, SURNAMES, TRADITIONAL, Books

BRANDS = ("万科", "保利", "中海", "龙湖", "绿城", "招商", "华润", "金地", "")
ROOTS = ("翡翠滨江", "香槟", "锦苑", "春江郦城", "雍景湾", "橡树湾", "桃花源", "壹号院", "星河湾", "帝景湾", "金域", "云山诗意", "江南里",
         "御景东方", "翰林府", "汀兰水岸", "世纪城", "凤凰城", "半山", "听涛", "西溪里", "东湖", "南岸", "北辰", "四季", "八方", "千灯湖", "九里")
ENDS = ("", "", "花园", "国际", "公馆", "小区", "新村", "广场")
PHASES = ("", "", "", "1", "2", "3")
DIGITS, WIDE = "零一二三四五六七八九", str.maketrans("0123456789-#/", "０１２３４５６７８９－＃／")
CAPITALS = str.maketrans("一二三四五六七八九零十", "壹贰叁肆伍陆柒捌玖零拾")
PLACEHOLDERS = ("13800000000", "13888888888", "13800138000", "13912345678", "11111111111", "12345678900", "13000000000", "18888888888")
SWITCHBOARD = "02088886666"
LATIN = {"1": "I", "2": "II", "3": "III"}


@dataclass
class Home:
    """What is true of a couple and their flat."""

    name: str
    other: str
    phone: str
    spare: str
    brand: str
    estate: str
    phase: str
    building: int
    unit: int
    floor: int
    flat: int

    @property
    def room(self):
        return f"{self.floor}{self.flat:02d}"

    @property
    def full(self):
        """The estate as its sign says."""
        return self.brand + self.estate + (f"{DIGITS[int(self.phase)]}期" if self.phase else "")


def chinese(n):
    """12 -> 十二, 1201 -> 一二零一 as rooms are read."""
    if n < 11:
        return "十" if n == 10 else DIGITS[n]
    if n < 100:
        return ("" if n < 20 else DIGITS[n // 10]) + "十" + (DIGITS[n % 10] if n % 10 else "")
    return "".join(DIGITS[int(c)] for c in str(n))


def person(rng):
    weights = [1 / (i + 3) for i in range(len(SURNAMES))]
    return rng.choices(SURNAMES, weights)[0] + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2, 2))))


def town(rng, size):
    """Homes in estates whose names are no two alike, each in some phases."""
    roots = rng.sample(ROOTS, min(len(ROOTS), max(6, size // 40)))
    estates = [(rng.choice(BRANDS), root + rng.choice(ENDS)) for root in roots]
    used, flats, out = set(), set(), []
    while len(out) < size:
        brand, estate = rng.choice(estates)
        spot = (estate, rng.choice(PHASES), rng.randint(1, 18), rng.choice((0, 1, 2, 3)), rng.randint(1, 32), rng.randint(1, 4))
        phone, spare = number(rng, used), number(rng, used)
        if spot not in flats:
            flats.add(spot)
            out.append(Home(person(rng), person(rng), phone, spare, brand, *spot))
    return out


def number(rng, used=None):
    while (made := f"1{rng.choice('35789')}{rng.randrange(10 ** 9):09d}") in (used or ()):
        pass
    if used is not None:
        used.add(made)
    return made


def elsewhere(rng, home, **changes):
    """Other people in this flat."""
    return replace(home, name=person(rng), other=person(rng), phone=number(rng), spare=number(rng), **changes)


# --- ways of writing ----------------------------------------------------------------------------------------------

def estate(rng, h):
    phase = rng.choice((f"{DIGITS[int(h.phase)]}期", f"{h.phase}期", f"({h.phase}期)", f"{LATIN[h.phase]}期", f"第{DIGITS[int(h.phase)]}期")) if h.phase else ""
    return h.brand + rng.choice(("", "·", " ") if h.brand else ("",)) + h.estate + phase


def flat(rng, h):
    b, u, r, cb, cu = h.building, h.unit, h.room, chinese(h.building), chinese(h.unit)
    with_unit = (f"{b}-{u}-{r}", f"{b}栋{u}单元{r}", f"{cb}号楼{cu}单元{r}室", f"{b}#{u}单元{r}", f"{b}幢{u}-{r}", f"{b}号楼{u}门{r}室",
                 f"{b}/{u}/{r}", f"{b}栋{cu}单元{h.floor}楼{h.flat:02d}", f"{b}座{u}单元{h.floor}层{h.flat}号", f"{b:02d}-{u:02d}-{r}",
                 f"{b}栋 {u}单元 {r}", f"{cb}栋{cu}单元{chinese(int(r))}", f"{b}号{u}单元{r}室", f"{b}#-{u}-{r}", f"第{b}栋第{u}单元{r}房",
                 f"{cb}栋{cu}单元{chinese(int(r))}室".translate(CAPITALS), f"{b}-{u}-{r}".translate(WIDE), f"{b}幢{u}单元{r}号")
    bare = (f"{b}-{r}", f"{b}栋{r}", f"{cb}号楼{r}室", f"{b}#{r}", f"{b}幢{r}房", f"{b}座{h.floor}楼{h.flat:02d}室", f"{b}号楼{chinese(int(r))}室",
            f"{cb}栋{chinese(int(r))}".translate(CAPITALS), f"{b}#{r}".translate(WIDE))
    return rng.choice(with_unit if u else bare)


def written(rng, digits):
    return rng.choice((digits, f"0086{digits}", f"0086-{digits}", f"+86 {digits[:3]} {digits[3:7]} {digits[7:]}", f"86{digits}", f"(+86){digits}",
                       f"{digits[:3]}.{digits[3:7]}.{digits[7:]}", f"{digits[:4]} {digits[4:7]} {digits[7:]}", f"电话:{digits}", f"{digits}(V同号)",
                       f"{digits[:3]}—{digits[3:7]}—{digits[7:]}", digits.translate(WIDE), float(digits), int(digits), f"微信{digits}",
                       f"{digits[:5]} {digits[5:]}", f" {digits}\n"))


def honorific(rng, name):
    return rng.choice((name[0] + rng.choice(("女士", "小姐", "先生", "总", "姐", "老师", "太太", "老板", "哥", "阿姨")), rng.choice("小老") + name[0]))


def one_slip(rng, digits, how):
    for _ in range(60):
        i = rng.randrange(3, 10)
        made = {"swap": digits[:i] + digits[i + 1] + digits[i] + digits[i + 2:], "wrong": digits[:i] + rng.choice("0123456789") + digits[i + 1:],
                "dropped": digits[:i] + digits[i + 1:], "doubled": digits[:i] + digits[i] + digits[i:]}[how]
        if made != digits:
            return made
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


def row(rng, h, **given):
    """The cells of a filing."""
    where, no = estate(rng, h), flat(rng, h)
    cells = {"name": h.name, "phones": [written(rng, h.phone)], "community": where, "house": rng.choice((no, where + no))} | given
    return party(0, "filing", **cells)


# --- the customer in other words ----------------------------------------------------------------------------------

def phone_forms(rng, h):
    return row(rng, h, name=rng.choice((h.name, h.other, honorific(rng, h.name))), community="", house="")


def slip(how, named):
    def made(rng, h):
        name = h.name if named else honorific(rng, h.name)
        return row(rng, h, name=name, phones=[one_slip(rng, h.phone, how)], house=rng.choice(("", flat(rng, h))))
    made.__name__ = f"{how}_{'name' if named else 'honorific'}"
    return made


def slip_bare(rng, h):
    return row(rng, h, phones=[one_slip(rng, h.phone, rng.choice(("swap", "wrong", "dropped", "doubled")))], community="", house="")


def changed_places(rng, h):
    i, j = sorted(rng.sample(range(2, 11), 2))
    digits = list(h.phone)
    digits[i], digits[j] = digits[j], digits[i]
    return row(rng, h, name=rng.choice((h.name, honorific(rng, h.name))), phones=["".join(digits)], house="", community=rng.choice(("", estate(rng, h))))


def letters(rng, h):
    words = rng.choice((str.maketrans("01", "Ol"), str.maketrans("0123456789", "零幺二三四五六七八九")))
    return row(rng, h, name=rng.choice((h.name, h.other)), phones=[h.phone.translate(words)], community="", house="")


def labelled(rng, h):
    return row(rng, h, name=rng.choice(("业主", "客户：", "联系人:")) + rng.choice((h.name, honorific(rng, h.name))),
               phones=[one_slip(rng, h.phone, rng.choice(("swap", "dropped")))])


def house_forms(rng, h):
    return row(rng, elsewhere(rng, h))


def house_no_phone(rng, h):
    return row(rng, h, name=rng.choice((h.name, h.other, honorific(rng, h.name))), phones=[""])


def couples_phone(rng, h):
    return row(rng, h, name=rng.choice((h.other, honorific(rng, h.other))), phones=[written(rng, h.spare)], community=rng.choice(("", estate(rng, h))),
               house="")


def traditional(rng, h):
    return row(rng, elsewhere(rng, h), name=honorific(rng, h.name).translate(TRADITIONAL), community=estate(rng, h).translate(TRADITIONAL),
               house=flat(rng, h).translate(TRADITIONAL))


def homophone_name(rng, h):
    name = h.name[0] + "".join(SOUNDS.get(c, c) for c in h.name[1:])
    return row(rng, h, name=name, phones=[one_slip(rng, h.phone, rng.choice(("swap", "dropped")))], house="")


def without_brand(rng, h):
    h = replace(h, brand="")
    return row(rng, elsewhere(rng, h), name=rng.choice((h.name, honorific(rng, h.name), person(rng))))


def without_phase(rng, h):
    return row(rng, elsewhere(rng, replace(h, phase="")), name=rng.choice((h.name, honorific(rng, h.name))))


def estate_end(rng, h):
    end = next((e for e in ENDS if e and h.estate.endswith(e)), "")
    bare = h.estate.removesuffix(end)
    other = replace(h, estate=bare + rng.choice(("", "小区") if end else ("小区", "花园")))
    return row(rng, elsewhere(rng, other), name=rng.choice((h.name, honorific(rng, h.name), person(rng))))


def no_unit(rng, h):
    return row(rng, elsewhere(rng, replace(h, unit=0)), name=rng.choice((h.name, honorific(rng, h.name))))


def masked(rng, h):
    hidden = rng.choice((f"{h.phone[:3]}****{h.phone[7:]}", f"{h.phone[:3]}xxxx{h.phone[7:]}", f"{h.phone[:3]}●●●●{h.phone[7:]}",
                         f"{h.phone[:3]}-****-{h.phone[7:]}", f"{h.phone[:3]} **** {h.phone[7:]}", f"{h.phone[:3]}＊＊＊＊{h.phone[7:]}"))
    return row(rng, h, name=rng.choice((h.name, honorific(rng, h.name))), phones=[hidden], house="")


def swapped_name_phone(rng, h):
    return row(rng, h, name=str(h.phone), phones=[h.name], community="", house="")


def swapped_estate_house(rng, h):
    return row(rng, elsewhere(rng, h), community=flat(rng, h), house=estate(rng, h))


def all_in_house(rng, h):
    return row(rng, elsewhere(rng, h), name=honorific(rng, h.name), community="", house=f"{estate(rng, h)} {flat(rng, h)} {honorific(rng, h.name)}")


def phone_in_house(rng, h):
    return row(rng, h, phones=[""], name=honorific(rng, h.name), community=estate(rng, h), house=f"{flat(rng, h)} {h.phone}")


def relation(rng, h):
    name = h.name + rng.choice(("爱人", "老公", "老婆", "妈妈", "的父亲", "家", "(儿子)", "女儿", "先生", "太太"))
    return row(rng, h, name=name, phones=[one_slip(rng, h.phone, "wrong")], house=flat(rng, h))


def spaced_name(rng, h):
    return row(rng, h, name=" ".join(h.name), phones=[one_slip(rng, h.phone, "swap")], house="")


def both_names(rng, h):
    return row(rng, h, name=f"{h.name}{rng.choice(('、', '/', '&', ' 和 '))}{h.other}", phones=[f"{written(rng, number(rng))} {h.spare}"], community="", house="")


def in_remark(rng, h):
    return row(rng, h, phones=[""], house="", remark=f"客户手机 {h.phone[:3]}-{h.phone[3:7]}-{h.phone[7:]} 晚上联系")


SAME = {f.__name__: f for f in (
    phone_forms, *(slip(how, named) for how in ("swap", "wrong", "dropped", "doubled") for named in (True, False)), slip_bare, changed_places, letters, labelled, house_forms,
    house_no_phone, couples_phone, traditional, homophone_name, without_brand, without_phase, estate_end, no_unit, masked, swapped_name_phone,
    swapped_estate_house, all_in_house, phone_in_house, relation, spaced_name, both_names, in_remark)}


# --- other people who look like the customer ----------------------------------------------------------------------

def stranger(rng, h):
    return row(rng, elsewhere(rng, h, building=h.building + 20, floor=33))


def neighbour(rng, h):
    return row(rng, elsewhere(rng, h, flat=h.flat % 4 + 5), name=rng.choice((person(rng), honorific(rng, h.name))))


def above(rng, h):
    return row(rng, elsewhere(rng, h, floor=33), name=honorific(rng, h.name))


def next_building(rng, h):
    return row(rng, elsewhere(rng, h, building=h.building + 20), name=rng.choice((person(rng), honorific(rng, h.name))))


def namesake(rng, h):
    return row(rng, elsewhere(rng, h, brand="", estate="远山" + rng.choice("云月星") + "庭", building=rng.randint(1, 9)), name=h.name)


def namesake_here(rng, h):
    return row(rng, elsewhere(rng, h, building=h.building + 20, floor=33), name=h.name)


def surname_here(rng, h):
    return row(rng, elsewhere(rng, h), name=honorific(rng, h.name), house="")


def placeholder(rng, h):
    return row(rng, elsewhere(rng, h, building=h.building + 20, floor=33), phones=[rng.choice(PLACEHOLDERS)])


def placeholder_elsewhere(rng, h):
    return row(rng, elsewhere(rng, h, brand="", estate="远山庭"), phones=[rng.choice(PLACEHOLDERS)], name=person(rng))


def switchboard(rng, h):
    return row(rng, elsewhere(rng, h, building=h.building + 20, floor=33), phones=[rng.choice((SWITCHBOARD, "020-88886666", "020-88886666转801"))])


def other_phase(rng, h):
    phase = str(int(h.phase or 1) % 3 + 1) if h.phase else ""
    return row(rng, elsewhere(rng, replace(h, phase=phase, building=h.building if phase else h.building + 20)))


def same_numbers_elsewhere(rng, h):
    return row(rng, elsewhere(rng, h, brand="", estate="远山" + rng.choice("云月星") + "庭"), name=rng.choice((person(rng), honorific(rng, h.name))))


def near_number(rng, h):
    far = elsewhere(rng, h, brand="", estate="远山庭", building=rng.randint(1, 9))
    return row(rng, far, phones=[one_slip(rng, h.phone, "wrong")])


UNLIKE = {f.__name__: f for f in (
    stranger, neighbour, above, next_building, namesake, namesake_here, surname_here, placeholder, placeholder_elsewhere, switchboard,
    other_phase, same_numbers_elsewhere, near_number)}


def customer(rng, number, h, phones):
    name = honorific(rng, h.name) if rng.random() < 0.15 else h.name.translate(TRADITIONAL) if rng.random() < 0.1 else h.name
    where, no = estate(rng, h), flat(rng, h)
    return party(number, "customer", name=name, phones=phones, community=where if rng.random() < 0.9 else "",
                 house=where + no if rng.random() < 0.6 else no)


def books(seed, customers=1200, filings=900, only=None):
    """Books of which half of the filings are customers; some customers stand there with a placeholder or their company's number."""
    rng = random.Random(seed)
    made, homes = Books(), town(rng, customers)
    for n, h in enumerate(homes, 2):
        phones = [written(rng, h.phone), h.spare]
        if n % 80 == 0:
            phones = [rng.choice(PLACEHOLDERS), ""]
        elif n % 97 == 0:
            phones = [SWITCHBOARD, ""]
        made.customers.append(customer(rng, n, h, phones))
    known = [n for n in range(2, customers + 2) if n % 80 and n % 97]
    for n in range(2, filings + 2):
        at = rng.choice(known)
        kind = only or rng.choice(sorted(SAME if rng.random() < 0.5 else UNLIKE))
        made.filings.append(replace((SAME | UNLIKE)[kind](rng, homes[at - 2]), id=n))
        made.truth[n] = (kind, at if kind in SAME else None)
    return made
