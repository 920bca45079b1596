"""Every way in which one household is written twice, and every way in which two look like one: raw cells of hard towns.

Written before the matcher was taught to read them.
"""

from dataclasses import replace

from .hard_towns import HANZI, TRADITIONAL, WIDE

# --- one household, written otherwise: numbers ----------------------------------------------------------------------

def zero_before(t, h):
    return t.by_phone(h, t.pick(f"0{h.phone}", f"0086{h.phone}", f"(86){h.phone}", f"+86-0{h.phone}", f"86 {h.phone}", late=(f"0 {h.phone}", f"00{h.phone}")))


def mask_kept(t, h):
    hidden = t.pick(f"{h.phone[:3]}****{h.phone[7:]}", f"{h.phone[:3]}*{h.phone[7:]}", f"{h.phone[:3]}xxxx{h.phone[7:]}", f"{h.phone[:3]}…{h.phone[7:]}",
                    late=(f"{h.phone[:3]}____{h.phone[7:]}", f"{h.phone[:4]}***{h.phone[7:]}"))
    return t.row(h, name=t.pick(h.name, t.titled(h.name)), phone=hidden, address="")


def mask_in_words(t, h):
    words = t.pick(f"{h.phone[:3]}开头尾号{h.phone[7:]}", f"尾号{h.phone[7:]}", f"后四位{h.phone[7:]}", late=(f"{h.phone[:3]}...{h.phone[7:]}",))
    return t.row(h, phone=words, address="")


def third_number(t, h):
    strange = t.number(), t.number()
    return t.by_phone(h, f"{strange[0]}/{strange[1]}", spare=h.third if t.rng.random() < .5 else h.spare)


def three_in_one(t, h):
    return t.by_phone(h, t.pick("/", "、", " ", ";", ",", late=("或", "\n")).join((t.number(), t.number(), t.number(), h.phone)))


def in_address(t, h):
    return t.row(h, name=t.titled(t.person()), phone="", address=t.pick(f"{t.house(h)} {h.phone}", f"{t.house(h)}，{h.phone}", f"{h.phone} {t.house(h)}",
                                                                      late=(f"{t.house(h)}({h.phone})", f"{t.house(h)}电话{h.phone}")))


def in_remark(t, h):
    p = h.phone
    return t.row(h, phone="", community="", address="", remark=t.pick(
        f"客户手机{p}", f"请打{p[:3]}-{p[3:7]}-{p[7:]}", f"微信{p}，晚上联系", f"老公电话{p[:3]} {p[3:7]} {p[7:]}", late=(f"tel.{p}勿扰",)))


def spelt(t, h):
    return t.by_phone(h, t.pick(h.phone.replace("0", "O").replace("1", "l"), " ".join(h.phone), h.phone.translate(WIDE), f"{h.phone[:3]}.{h.phone[3:7]}.{h.phone[7:]}",
                                f"wx:{h.phone}", f"{h.phone}(妻)", late=("".join(HANZI[int(c)] for c in h.phone), f"{h.phone[:5]} {h.phone[5:]}微信同号")))


def two_swapped(t, h):
    for _ in range(40):
        i = t.rng.randrange(3, 10)
        if h.phone[i] != h.phone[i + 1]:
            break
    made = h.phone[:i] + h.phone[i + 1] + h.phone[i] + h.phone[i + 2:]
    return t.row(h, name=t.pick(h.name, t.titled(h.name)), phone=made, address="")


def digit_wrong(t, h):
    i = t.rng.randrange(3, 11)
    made = h.phone[:i] + str((int(h.phone[i]) + t.rng.randrange(1, 10)) % 10) + h.phone[i + 1:]
    return t.row(h, phone=made, community=t.pick(t.where(h), ""), address="")


def digit_lost(t, h):
    i = t.rng.randrange(3, 11)
    return t.row(h, name=t.pick(h.name, t.titled(h.name)), phone=h.phone[:i] + h.phone[i + 1:], address="")


def spouses_number(t, h):
    return t.by_phone(h, h.spare) | {"name": h.spouse}


# --- one household: houses ------------------------------------------------------------------------------------------

def villa(t, h):
    b = h.building
    return t.by_house(h, address=t.pick(f"别墅区{b}栋", f"别墅{b}号", f"{b}号", f"{b}#", f"{b}幢", f"独栋{b}号", f"{b}号别墅",
                                        late=(f"联排{b}号", f"别墅{HANZI[b // 10] if b > 9 else ''}{HANZI[b % 10]}号" if b < 10 else f"叠墅{b}栋", f"{b}号院")))


def floor_flat(t, h):
    b, f, n = h.building, h.floor, h.flat
    return t.by_house(h, address=t.pick(f"{b}栋{f}-{n}", f"{b}幢{f}层{n}号", f"{b}号楼{f}楼{n}户", f"{b}-{f}-{n}" if f > 9 else f"{b}栋{f}-{n}",
                                        late=(f"{b}栋{f}/{n:02d}", f"{b}栋{f}F-{n}")))


def bare_flat(t, h):
    b, u, f, n = h.building, h.unit, h.floor, h.flat
    head = f"{b}栋{u}单元" if u else f"{b}栋"
    return t.by_house(h, address=head + t.pick(f"{f}-{n}", f"{f}/{n:02d}", f"{f}-{n:02d}", late=(f"{f}.{n:02d}", f" {f}—{n}")))


def backwards(t, h):
    flat = f"{h.room}室"
    unit, house = (f"{h.unit}单元" if h.unit else ""), f"{h.building}{t.pick('栋', '幢', '号楼')}"
    gap = t.pick(" ", "，", "")
    return t.by_house(h, community="", address=gap.join(p for p in (flat, unit, house, t.where(h)) if p))


def house_in_remark(t, h):
    return t.by_house(h, community=t.pick("", t.where(h)), address="", remark=t.pick(
        f"地址：{t.where(h)}{t.house(h)}", f"住{t.where(h)}{t.house(h)}，急", f"{t.where(h)}{t.house(h)}，预约周末量尺", late=(f"量尺 {t.where(h)}{t.house(h)}",)))


def decorated(t, h):
    tail = t.pick("😀", "🏠", "(已交房)", "【毛坯】", " 精装", late=("✅✅", "（钥匙在物业）", "，靠电梯"))
    return t.by_house(h, address=t.house(h) + tail)


def street_first(t, h):
    street = t.pick("人民路88号", "建设大道16号", "中山北路201号", late=("解放西路与胜利街交叉口", "高新三路9号"))
    return t.by_house(h, community="", address=street + t.where(h) + t.house(h))


def region_first(t, h):
    p = t.place
    city = t.pick(f"{p.city}市{p.district}", f"{p.city}市", f"{p.city}{p.district}", p.district)
    return t.by_house(h, community=t.pick("", city + t.where(h)), address=city + t.where(h) + t.house(h))


def county(t, h):
    p = t.place
    return t.by_house(h, community="", address=t.pick(f"{p.city}市{p.county}", p.county, f"{p.city}{p.county}", late=(f"{p.county}城关镇",)) + t.where(h) + t.house(h))


def renamed_city(t, h):
    p = t.place
    return t.by_house(h, community="", address=f"{p.old_city or p.city}市" + t.where(h) + t.house(h))


def alias(t, h):
    return t.by_house(h, community=t.aliases[h.estate + h.end] + (f"{h.phase}期" if h.phase else ""), address=t.house(h))


def phase_forms(t, h):
    n = h.phase
    where = h.estate + h.end
    return t.by_house(h, community=t.pick(f"{where}第{HANZI[n]}期", f"{where}{'ⅠⅡ'[n - 1]}期", f"{where}-{n}期", f"{where}（{HANZI[n]}期）", f"{where}{'I' * n}期",
                                          late=(f"{where}{n}#期", f"{where} {n} 期")), address=t.house(h))


def tower(t, h):
    letter = "ABCD"[h.building % 4]
    return t.by_house(h, address=t.pick(f"{letter}座{h.room}室", f"{letter}栋{h.room}", f"{letter}-{h.room}", f"{letter.lower()}座{h.room}", f"{letter}塔{h.room}",
                                        f"{letter}楼{h.room}", late=(f"{letter}塔楼{h.room}", f"{letter}幢{h.floor}层{h.flat:02d}")))


def lane(t, h):
    b, place = h.building, t.lane(h)
    return t.by_house(h, community=t.pick("", place), address=t.pick(f"{place}{b}号{h.room}室", f"{place}{b}号{h.room}", f"{place} {b}号 {h.room}", f"{place}{b}-{h.room}",
                                                                     late=(f"{place}{b}支弄{h.room}" if False else f"{place}{b}号楼{h.room}",)))


def numerals(t, h):
    def words(n):
        return (("" if n < 20 else HANZI[n // 10]) + "十" if n > 9 else "") + (HANZI[n % 10] if n % 10 else "")
    flat = "".join(HANZI[int(c)] for c in h.room)
    return t.by_house(h, address=t.pick(f"{words(h.building)}栋{words(h.unit)}单元{flat}室", f"第{words(h.building)}幢{h.unit}单元{flat}", f"{words(h.building)}号楼{words(h.unit)}单元{h.room}"))


def padded(t, h):
    b, u, r = h.building, h.unit, h.room
    return t.by_house(h, address=t.pick(f"{b:02d}-{u:02d}-{int(r):04d}", f"{b:02d}栋{u}单元{int(r):04d}室", f"{b}#{u}-{r}", f"{b}＃{u}＃{r}", f"{b}/{u}/{r}", f"{b}_{u}_{r}",
                                        late=(f"{b}，{u}，{r}", f"{b}·{u}·{r}")))


def unit_words(t, h):
    b, u, r = h.building, h.unit, h.room
    return t.by_house(h, address=t.pick(f"{b}栋{u}门{r}", f"{b}栋{u}梯{r}", f"{b}号楼{'东中西'[u - 1]}单元{r}" if False else f"{b}号楼{u}单{r}", f"{b}幢{'甲乙丙'[u - 1]}单元{r}",
                                        late=(f"{b}栋{'ABC'[u - 1]}单元{r}", f"{b}号楼{u}单元（{r}）")))


def no_unit(t, h):
    return t.by_house(replace(h, unit=0)) | {"name": t.titled(h.name)}


def estate_slip(t, h):
    bad = h.estate[0] + t.pick("漕", "湖", "阳", "山", "林", "园") if t.rng.random() < .5 else t.rng.choice("新大北南") + h.estate[1:]
    return t.row(h, name=t.pick(h.name, t.titled(h.name)), phone=t.number(), community=bad + h.end, address=t.house(h))


def bare_estate(t, h):
    return t.by_house(h, community=h.estate + t.pick("", "小区") + (f"{h.phase}期" if h.phase else ""), address=t.house(h))


def two_houses(t, h):
    other = t.home("flat")
    mine, theirs = t.where(h) + t.house(h), t.where(other) + t.house(other)
    return t.by_house(h, community="", address=t.pick(f"{mine}；{theirs}", f"{theirs}/{mine}", f"{mine}、{theirs}", late=(f"{mine}和{theirs}",)))


def wide_and_old(t, h):
    made = t.by_house(h)
    return made | {"community": made["community"].translate(TRADITIONAL).translate(WIDE), "address": made["address"].translate(TRADITIONAL).translate(WIDE)}


# --- one household: names ------------------------------------------------------------------------------------------

def name_note(t, h):
    name = t.pick(f"{h.name}(老客户)", f"{h.name}-朋友介绍", f"{h.name}【VIP】", f"{h.name} 业主", f"★{h.name}", late=(f"{h.name}~群里", f"{h.name}，急单"))
    return t.row(h, name=name, phone=h.phone[:5] + h.phone[6] + h.phone[5] + h.phone[7:], address=t.house(h), community="")


def english_name(t, h):
    first = t.pick("Tom", "Lucy", "Kevin", "Anna")
    return t.row(h, name=t.pick(f"{first} {h.name}", f"{h.name}{first}", f"{h.name}({first})", f"Mr.{h.name}", late=(f"{h.name}/{first}",)),
                 phone=f"{h.phone[:3]}****{h.phone[7:]}", address="")


def firm_and_person(t, h):
    firm = t.pick("华强装饰", "美家建材公司", "恒泰物业", "旭日科技有限公司")
    return t.row(h, name=t.pick(f"{firm} {h.name}", f"{h.name}（{firm}）", f"{firm}-{h.name}", f"{firm}{h.name}", late=(f"{h.name}@{firm}",)),
                 phone=f"{h.phone[:3]}****{h.phone[7:]}", address="")


def minority_name(t, h):
    return t.by_phone(h, h.phone) | {"name": t.pick("买买提•艾力", "阿依古丽·买买提", "扎西 顿珠", "欧阳・娜娜")}


def old_characters(t, h):
    return t.row(h, name=h.name.translate(TRADITIONAL), phone=f"{h.phone[:3]}****{h.phone[7:]}", address="")


def name_in_address(t, h):
    return t.by_house(h, address=f"{t.house(h)}{t.pick(' ', '，', '')}{t.titled(h.name)}")


# --- two households that look like one ------------------------------------------------------------------------------

def stranger(t, h):
    return t.row(t.home())


def next_door(t, h):
    return t.row(t.others(h, flat=h.flat + 6))


def villa_next(t, h):
    return t.row(t.others(h, building=h.building + 40))


def lane_next(t, h):
    return t.row(t.others(h, building=h.building + 40))


def tower_next(t, h):
    return t.row(t.others(h, building=h.building + 1))


def other_unit(t, h):
    return t.row(t.others(h, unit=h.unit % 3 + 1))


def other_phase(t, h):
    return t.row(t.others(h, phase=3 - h.phase))


def sister_estate(t, h):
    end = t.rng.choice([e for e in ("花园", "公馆", "雅居", "名城", "国际", "新城", "半岛") if e != h.end])
    return t.row(t.others(h, end=end))


def other_city(t, h):
    city = t.pick("沈阳", "厦门", "昆明", "兰州")
    made = t.row(t.others(h), community="")
    return made | {"address": f"{city}市{t.where(h)}{t.house(h)}"}


def basement(t, h):
    made = t.others(h)
    return t.row(made, community=t.where(made), address=f"{h.building}栋-1层{h.flat:02d}")


def namesake(t, h):
    return t.row(replace(t.home(), name=h.name))


def namesake_here(t, h):
    return t.row(replace(t.others(h, building=h.building + 40, floor=h.floor + 34), name=h.name))


def near_number(t, h):
    i = t.rng.randrange(3, 11)
    return t.row(t.home(), phone=h.phone[:i] + str((int(h.phone[i]) + 1) % 10) + h.phone[i + 1:])


def same_mask(t, h):
    return t.row(t.home(), phone=f"{h.phone[:3]}****{h.phone[7:]}")


def placeholder(t, h):
    return t.row(t.others(h, building=h.building + 40, floor=h.floor + 34), phone=t.pick("13800000000", "13888888888", "12345678901", "无"))


def firms_number(t, h):
    return t.row(t.others(h, building=h.building + 40, floor=h.floor + 34), phone=FIRM)


def sales_office(t, h):
    made = t.others(h)
    return t.row(made, community=t.where(made), address=t.pick("售楼处", "营销中心", "样板间", "物业办公室"))


def estate_only(t, h):
    made = t.others(h)
    return t.row(made, address="")


FIRM = "13966668888"
SHAPES = {"villa": "villa", "villa_next": "villa", "tower": "tower", "tower_next": "tower", "lane": "lane", "lane_next": "lane"}
FLATS = {"floor_flat", "bare_flat", "backwards", "numerals", "padded", "unit_words", "no_unit", "other_unit", "next_door", "basement", "other_city"}
UNITS = {"numerals", "padded", "unit_words", "no_unit", "other_unit"}
PHASES = {"phase_forms", "other_phase"}
SAME = {f.__name__: f for f in (
    zero_before, mask_kept, mask_in_words, third_number, three_in_one, in_address, in_remark, spelt, two_swapped, digit_wrong, digit_lost, spouses_number,
    villa, floor_flat, bare_flat, backwards, house_in_remark, decorated, street_first, region_first, county, renamed_city, alias, phase_forms, tower, lane,
    numerals, padded, unit_words, no_unit, estate_slip, bare_estate, two_houses, wide_and_old, name_note, english_name, firm_and_person, minority_name,
    old_characters, name_in_address)}
UNLIKE = {f.__name__: f for f in (
    stranger, next_door, villa_next, lane_next, tower_next, other_unit, other_phase, sister_estate, other_city, basement, namesake, namesake_here, near_number,
    same_mask, placeholder, firms_number, sales_office, estate_only)}
