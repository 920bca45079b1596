"""Books made up for tests: customers, and filings with every kind of noise and every kind of look-alike.

Seeded, so that a failure can be looked at again. Nothing here is taken from a real book.
"""

import random
from dataclasses import dataclass, field, replace

from yiwei.filing.rules.matching import Party, party

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢傅钟姜崔谭廖范汪陆金石"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红建国志文斌宇浩鹏旭莉婷雪琳慧颖佳欣怡俊峰博凯辉燕玲晨曦"
SOUNDS = {"伟": "玮", "芳": "方", "静": "靖", "丽": "莉", "明": "铭", "英": "瑛", "华": "桦", "文": "雯", "宇": "雨", "浩": "皓",
          "佳": "嘉", "欣": "新", "俊": "军", "峰": "锋", "辉": "晖", "玲": "铃", "晨": "辰", "杰": "洁", "敏": "闵", "平": "萍"}
ESTATE_SOUNDS = {"湖": "胡", "海": "嗨", "城": "诚", "湾": "弯", "锦": "景", "龙": "隆", "江": "疆", "景": "锦", "翠": "脆", "天": "添"}
TRADITIONAL = str.maketrans("张刘陈杨黄赵吴孙马罗郑梁许韩冯邓肖叶苏吕卢钟谭陆锦龙湾园国华丽军强伟芳静杰娟敏兰红建鹏莹凤阳云东风庄栋单号楼",
                            "張劉陳楊黃趙吳孫馬羅鄭梁許韓馮鄧蕭葉蘇呂盧鍾譚陸錦龍灣園國華麗軍強偉芳靜傑娟敏蘭紅建鵬瑩鳳陽雲東風莊棟單號樓")
ESTATE_CHARACTERS = "湖海城湾锦龙江景翠天云山水星月阳春秋金玉碧岭泰和悦都府盛华"
SUFFIXES = ("花园", "公馆", "雅居", "国际", "华府", "家园", "名苑", "小区", "新城", "")
HEADS = ("1380013", "1390022", "1361234", "1507777", "1899090", "1770331", "1995656", "1822345", "1583131", "1311010")
FEMALE, MALE = ("女士", "小姐"), ("先生", "总", "老师")


@dataclass
class Household:
    """What is true of a customer, before anyone writes it down."""

    name: str
    phone: str
    spare: str
    estate: str
    city: str
    building: int
    unit: int
    room: int


@dataclass
class Books:
    """Customers, filings and, for each filing, the customer's row or None and the kind of noise."""

    customers: list = field(default_factory=list)
    filings: list = field(default_factory=list)
    truth: dict = field(default_factory=dict)


def a_name(rng):
    weights = [1 / (i + 4) for i in range(len(SURNAMES))]
    return rng.choices(SURNAMES, weights)[0] + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))


def a_phone(rng):
    return rng.choice(HEADS) + f"{rng.randrange(10_000):04d}" if rng.random() < 0.1 else \
        rng.choice(("13", "15", "18", "17", "19")) + f"{rng.randrange(10 ** 9):09d}"


def unused_phone(rng, used):
    """Numbers are unique in life: two strangers never have the same."""
    while (made := a_phone(rng)) in used:
        pass
    used.add(made)
    return made


def another(rng, house, **changes):
    """A household without anything of the given one, but for its house."""
    return replace(house, name=a_name(rng), phone=a_phone(rng), spare="", **changes)


def written(rng, h):
    """One of the ways in which a house is written."""
    unit = h.unit
    full = [f"{h.estate}{h.building}栋{unit}单元{h.room}室", f"{h.city}{h.estate}{h.building}幢{unit}单元{h.room}",
            f"{h.estate}{h.building}-{unit}-{h.room}", f"{h.estate}{h.building}#{unit}#{h.room}",
            f"{h.estate} {h.building}号楼 {unit}单元 {h.room}房", f"{h.estate}{h.building}座{unit}门{h.room}"]
    bare = [f"{h.estate}{h.building}栋{h.room}室", f"{h.city}{h.estate}{h.building}-{h.room}", f"{h.estate}{h.building}#{h.room}",
            f"{h.estate}{h.building}号楼{h.room}户"]
    return rng.choice(full if unit else bare)


def dressed(rng, digits):
    """One of the ways in which a number is written."""
    return rng.choice((digits, digits, f"+86{digits}", f"{digits[:3]}-{digits[3:7]}-{digits[7:]}", f"'{digits}", f"{digits}.0",
                       f"{digits[:3]} {digits[3:7]} {digits[7:]}", f"{digits}（微信同号）",
                       digits.translate(str.maketrans("0123456789", "０１２３４５６７８９"))))


def titled(rng, name):
    return name[0] + rng.choice(FEMALE + MALE)


def slipped(rng, digits, how):
    """A number with one slip after its second digit."""
    for _ in range(50):
        i = rng.randrange(2, 10)
        made = {"swap": digits[:i] + digits[i + 1] + digits[i] + digits[i + 2:],
                "wrong": digits[:i] + str((int(digits[i]) + rng.randrange(1, 10)) % 10) + digits[i + 1:],
                "missing": digits[:i] + digits[i + 1:], "extra": digits[:i] + str(rng.randrange(10)) + digits[i:]}[how]
        if made != digits:
            return made
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


def town(rng, size):
    """Households in estates, several to an estate, some estates with sister names."""
    roots = {"".join(rng.sample(ESTATE_CHARACTERS, rng.choice((2, 2, 3)))) for _ in range(max(3, size // 10))}
    estates = [(root + suffix, rng.choice(("广州市天河区", "佛山市顺德区", "杭州市")))
               for root in sorted(roots) for suffix in rng.sample(SUFFIXES, rng.choice((1, 1, 2)))]
    used = set()
    for _ in range(size):
        estate, city = rng.choice(estates)
        spare = unused_phone(rng, used) if rng.random() < 0.25 else ""
        yield Household(a_name(rng), unused_phone(rng, used), spare, estate, city,
                        rng.randint(1, 30), rng.choice((0, 1, 2, 3)), rng.randint(1, 33) * 100 + rng.randint(1, 6))


def customer(rng, row, h):
    name = titled(rng, h.name) if rng.random() < 0.12 else h.name
    return party(row, "customer", name=name, phones=[dressed(rng, h.phone), h.spare], house=written(rng, h),
                 community=h.estate if rng.random() < 0.85 else "")


def filed(rng, h, **given) -> Party:
    raw = {"name": h.name, "phones": [dressed(rng, h.phone)], "house": written(rng, h),
           "community": h.estate if rng.random() < 0.7 else ""} | given
    return party(0, "filing", **raw)


# --- filings that are the customer --------------------------------------------------------------------------------

def slip(how, house):
    def make(rng, h):
        given = {} if house else {"house": "", "community": rng.choice(("", h.estate))}
        return filed(rng, h, phones=[slipped(rng, h.phone, how)], **given)
    return make


def traditional(rng, h):
    other = another(rng, h)
    return filed(rng, h, name=h.name.translate(TRADITIONAL), phones=[other.phone], community="",
                 house=written(rng, h).translate(TRADITIONAL))


def name_sounds(rng, h):
    name = h.name[0] + "".join(SOUNDS.get(c, c) for c in h.name[1:])
    return filed(rng, h, name=name, phones=[slipped(rng, h.phone, "swap")], house="")


def estate_sounds(rng, h):
    h = replace(h, estate="".join(ESTATE_SOUNDS.get(c, c) for c in h.estate))
    return filed(rng, another(rng, h), name=rng.choice((titled(rng, h.name), a_name(rng))))


def estate_alias(rng, h):
    root = next((h.estate[:-2] for s in SUFFIXES if s and h.estate.endswith(s)), h.estate)
    h2 = another(rng, h, estate=rng.choice((root, root + "小区")))
    return filed(rng, h2, name=rng.choice((titled(rng, h.name), a_name(rng))))


def swapped(rng, h):
    h = replace(h, building=h.unit or h.building, unit=h.building if h.unit else h.unit)
    return filed(rng, h, phones=[a_phone(rng)], name=rng.choice((h.name, titled(rng, h.name))))


def no_unit(rng, h):
    return filed(rng, replace(h, unit=0), phones=[a_phone(rng)], name=rng.choice((h.name, titled(rng, h.name), a_name(rng))))


def nickname(rng, h):
    given = rng.choice(({"house": "", "community": ""}, {"phones": [a_phone(rng)]}, {"phones": [f"****{h.phone[-4:]}"]}))
    return filed(rng, h, name=rng.choice("小老") + h.name[0], **given)


def spouse_house(rng, h):
    return filed(rng, another(rng, h))


def spouse_phone(rng, h):
    return filed(rng, h, name=a_name(rng), phones=[h.spare or h.phone], house="", community="")


def masked(rng, h):
    return filed(rng, h, name=rng.choice((h.name, titled(rng, h.name))), phones=[f"{h.phone[:3]}****{h.phone[-4:]}"],
                 house="", community=rng.choice(("", h.estate)))


def tail_only(rng, h):
    return filed(rng, h, phones=[h.phone[-4:]], house="", community=rng.choice(("", h.estate)))


def parent(rng, h):
    return filed(rng, another(rng, h), name=h.name[0] + "".join(rng.choices(GIVEN, k=2)))


def title_house(rng, h):
    return filed(rng, h, name=titled(rng, h.name), phones=[rng.choice(("", a_phone(rng)))])


def in_remark(rng, h):
    return filed(rng, h, phones=[""], house="", community=h.estate, remark=f"业主电话{h.phone}，周末联系")


def one_cell(rng, h):
    return filed(rng, h, name=f"{h.name} {dressed(rng, h.phone)}", phones=[""], house="", community="")


def two_phones(rng, h):
    return filed(rng, h, name=titled(rng, h.name), phones=[f"{a_phone(rng)}/{h.phone}"], house="", community="")


def full_width(rng, h):
    wide = str.maketrans("0123456789-#", "０１２３４５６７８９－＃")
    return filed(rng, another(rng, h), house=written(rng, h).translate(wide))


SAME = {f"{how}{'_house' if house else ''}": slip(how, house)
        for how in ("swap", "wrong", "missing", "extra") for house in (True, False)}
SAME |= {f.__name__: f for f in (
    traditional, name_sounds, estate_sounds, estate_alias, swapped, no_unit, nickname, spouse_house, spouse_phone, masked,
    tail_only, parent, title_house, in_remark, one_cell, two_phones, full_width)}


# --- filings that only look like the customer ---------------------------------------------------------------------

def stranger(rng, h):
    other = another(rng, h, building=rng.randint(1, 30), room=rng.randint(40, 60) * 100 + 1)
    return filed(rng, other)


def next_door(rng, h):
    return filed(rng, another(rng, h, room=h.room // 100 * 100 + h.room % 100 % 6 + 1), name=rng.choice((a_name(rng), titled(rng, h.name))))


def other_unit(rng, h):
    return filed(rng, another(rng, h, unit=h.unit % 3 + 1 if h.unit else 0, room=h.room if h.unit else h.room + 100))


def other_building(rng, h):
    return filed(rng, another(rng, h, building=h.building + 31))


def namesake(rng, h):
    other = next(town(rng, 1)) if rng.random() < 0.7 else another(rng, h, building=h.building + 31, room=h.room + 100)
    return filed(rng, replace(other, name=h.name))


def same_estate_only(rng, h):
    return filed(rng, another(rng, h), house="", community=h.estate)


def near_number(rng, h):
    other = next(town(rng, 1))
    return filed(rng, other, phones=[slipped(rng, h.phone, "wrong")])


def same_number_elsewhere(rng, h):
    other = another(rng, h, estate="桂" + h.estate[::-1])
    return filed(rng, other)


def title_elsewhere(rng, h):
    return filed(rng, next(town(rng, 1)), name=titled(rng, h.name))


UNLIKE = {f.__name__: f for f in (stranger, next_door, other_unit, other_building, namesake, same_estate_only, near_number,
                                  same_number_elsewhere, title_elsewhere)}


def books(seed, customers=1200, filings=800, only=None):
    """Books with all the noise, half of the filings being customers; or with one kind of noise only."""
    rng = random.Random(seed)
    made, households = Books(), list(town(rng, customers))
    foreman = "13700137000"
    for row in range(0, customers, 60):
        households[row].phone = foreman
    made.customers = [customer(rng, row, h) for row, h in enumerate(households, 2)]
    ordinary = [row for row, h in enumerate(households, 2) if h.phone != foreman]
    for number in range(2, filings + 2):
        row = rng.choice(ordinary)
        kinds = SAME if rng.random() < 0.5 else UNLIKE
        kind = only or rng.choice(sorted(kinds))
        one = (SAME | UNLIKE)[kind](rng, households[row - 2])
        made.filings.append(replace(one, id=number))
        made.truth[number] = (kind, row if kind in SAME else None)
    _foreman(rng, made, households, foreman)
    return made


def _foreman(rng, made, households, digits):
    """The foreman files with his own number: new houses, and houses that are known."""
    number = len(made.filings) + 2
    for known in (False, True) * 10:
        row = rng.randrange(len(households))
        h = households[row] if known else next(town(rng, 1))
        made.filings.append(replace(filed(rng, replace(h, phone=digits, name=a_name(rng))), id=number))
        made.truth[number] = ("foreman_known" if known else "foreman_new", row + 2 if known else None)
        number += 1
