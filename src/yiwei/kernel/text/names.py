"""Names of persons: surname, given name, form of address."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .errors import BadValue, shown
from .phones import loose_phones, without_phones
from .sounds import initials, pinyin, sound
from .text import HAN, clean_text, fold, simplified

COMPOUND = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 长孙 宇文 端木 轩辕 百里 南宫 独孤 呼延 东郭 西门 澹台 "
    "公羊 公冶 宗政 濮阳 淳于 单于 太史 申屠 仲孙 钟离 闾丘 司空 赫连 完颜 拓跋 万俟 闻人 第五".split())
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷"
    "詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农"
    "司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池"
    "查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国"
    "狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於"
    "呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由")
TITLES = ("先生", "女士", "小姐", "太太", "夫人", "阿姨", "叔叔", "伯伯", "大爷", "大姐", "大哥", "老师", "老板", "师傅", "医生",
          "教授", "总监", "主任", "经理", "总经理", "工程师", "董事长", "校长", "律师", "业主", "同学", "老板娘", "设计师", "店长")
SHORT_TITLES = "总工姐哥董嫂叔姨生太婶伯导处局科"
PET = "小老阿大"
_TITLE = re.compile(f"(?:{'|'.join(sorted(TITLES, key=len, reverse=True))})$")
_LABEL = re.compile(r"^(?:业主|房主|客户|顾客|联系人|姓名)[::]?(?=.)")
_ASIDE = re.compile(r"[(\[【<《「].*?[)\]】>》」]")
_MARKUP = re.compile(r"[<>{}=;\\]|https?:")
_SPLIT = re.compile(rf"[/、,;|\n&+@~]|\s和\s|(?<=[{HAN}]{{2}})\s*-\s*(?=[{HAN}]{{2}})|(?<=[{HAN}]{{2}})\s+(?=[{HAN}]{{2}})"
                    rf"|(?<=[{HAN}])\s*(?=[A-Za-z]{{2}})|(?<=[A-Za-z])\s*(?=[{HAN}])")
_FIRM = re.compile(r"(?:有限公司|公司|集团|装饰|装修|物业|建材(?!城)|科技|工作室|设计院|地产|中介|酒店|银行|学校)(?:[总分]公司|[一二三四五六七八九十]+部)?")
_NOTE = re.compile(r"^(?:新|老)?(?:客户|顾客|业主|朋友|熟人|会员|同事|邻居|群里|急单|返单|介绍|转介绍|朋友介绍|老客户介绍|VIP|vip|不详|未知|待定|匿名)$")
_MISTER = re.compile(r"^(?:mr|mrs|ms|miss)(?:\.\s*|\s+)(?=\S)", re.I)
_DOTS = str.maketrans("•・‧∙●", "·····")
_LATIN = re.compile(r"^[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ .'’\-]{0,40}$")
_HAN = re.compile(f"^[{HAN}〇·]+$")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name. `full` is simplified and bears the title only where no given name is known."""

    surname: str = ""
    given: str = ""
    title: str = ""
    full: str = ""

    @property
    def is_title_only(self):
        """Nothing but a surname is known: 周女士, 王总, 小周."""
        return bool(self.surname) and not self.given

    @property
    def pinyin(self):
        return "".join(pinyin(self.surname, len(self.surname)) + pinyin(self.given))

    @property
    def initials(self):
        return initials(self.surname, len(self.surname)) + initials(self.given)

    @property
    def sound(self):
        """A key under which homophones meet."""
        return sound(self.surname + self.given)

    def __str__(self):
        return self.full


def person_name(value):
    """One person's name, or `BadValue`."""
    found = person_names(value)
    if len(found) > 1:
        raise BadValue("“%(value)s” holds more than one name.", value=shown(value))
    return found[0]


def person_names(value):
    """The names in a cell: 周敏/李强, 周敏（业主）."""
    text = fold(value).strip("'")
    if not text:
        raise BadValue("A name is missing.")
    if _MARKUP.search(text):
        raise BadValue("“%(value)s” is not a name.", value=shown(value))
    parts = _parts(_ASIDE.sub(" ", text)) or _parts(re.sub(r"[()（）\[\]【】]", " ", text))
    if not parts:
        raise BadValue("“%(value)s” is not a name.", value=shown(value))
    return list(dict.fromkeys(_name(part) for part in parts))


def _parts(text):
    """The names in a text: without ornaments, remarks (朋友介绍) and the firm beside a person."""
    text = "".join(c for c in text.translate(_DOTS) if c == "○" or unicodedata.category(c) not in ("So", "Sk", "Mn", "Cs"))
    parts = [_MISTER.sub("", p) for p in (part.strip(" .-:_*'\"") for part in _SPLIT.split(text)) if p]
    told = [p for p in parts if not _NOTE.match(p)] or parts
    people = [q for q in (_of_firm(p) for p in told) if q]
    return people or told


def _of_firm(text):
    """The person behind a firm's name; '' where only the firm is named."""
    firm = _FIRM.search(text)
    if not firm:
        return text
    rest = text[firm.end():].strip(" -")
    return rest if 2 <= len(rest) <= 4 else ""


def kept_name(value):
    """A name as it is kept, whether or not it is understood; markup and what has no letter is refused."""
    text = clean_text(value)
    if _MARKUP.search(fold(text)) or not any(c.isalpha() for c in text):
        raise BadValue("“%(value)s” is not a name.", value=shown(value))
    return text


def split_contact(value):
    """A cell with a name and numbers in it: (the text of the name, the numbers)."""
    text = fold(value)
    numbers = loose_phones(text) if re.search(r"\d{4}", text) else []
    if not numbers:
        return text, []
    rest = re.sub(r"(?:联系)?(?:电话|手机|方式)|微信|同号|尾号|后四位|tel|:", " ", without_phones(text), flags=re.I)
    return re.sub(r"\(\s*\)|\s+", " ", rest).strip(" ,/-"), numbers


def _name(text):
    if re.search(r"\d", text):
        raise BadValue("“%(value)s” has digits in a name.", value=shown(text))
    if _LATIN.match(text):
        return Name(full=re.sub(r"\s+", " ", text))
    text = _LABEL.sub("", simplified(re.sub(r"\s+", "", text)))
    if not _HAN.match(text) or len(text) > 15:
        raise BadValue("“%(value)s” is not a name.", value=shown(text))
    return _parse(text)


@lru_cache(maxsize=50_000)
def _parse(text):
    match = _TITLE.search(text)
    title = match.group() if match else ""
    body = text[:match.start()] if match else text
    if not body:
        raise BadValue("“%(value)s” is a form of address, not a name.", value=shown(text))
    if not title and body[-1] in SHORT_TITLES and (_is_surname(body[:-1]) or _is_pet(body[:-1])):
        body, title = body[:-1], body[-1]
    if _is_pet(body):
        body, title = body[1:], title or body[0]
    surname = body[:2] if body[:2] in COMPOUND else body[:1] if _could_be_name(body) else ""
    given = body[len(surname):] if surname else body
    return Name(surname, given, title, text if not given else body)


def _is_surname(text):
    return text in COMPOUND or (len(text) == 1 and text in SURNAMES)


def _is_pet(text):
    return len(text) in (2, 3) and text[0] in PET and _is_surname(text[1:])


def _could_be_name(body):
    return "·" not in body and (len(body) <= 3 or body[0] in SURNAMES)
