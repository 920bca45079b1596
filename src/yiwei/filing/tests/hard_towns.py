"""Hard towns: places with estates, and households in them with plain ways of writing them down.

The town kept for the last trial also writes in ways that the others never use (`late`). Seeded; nothing is taken from a real book.
"""

import random
from dataclasses import dataclass, replace

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余叶程苏魏吕丁沈任姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
GIVEN = "建国志强海燕丽娟文静宇轩晓东秀英美玲俊杰雪梅思远家豪佳怡立新春红玉兰德明少华一鸣子涵梓轩雨桐永刚小军国庆爱华振宇云飞海涛"
TRADITIONAL = str.maketrans("张刘陈杨黄赵吴孙马罗郑梁许韩冯邓肖叶苏吕卢钟谭陆丽强军杰红兰华园庄栋单号楼龙凤云东风湾国",
                            "張劉陳楊黃趙吳孫馬羅鄭梁許韓馮鄧蕭葉蘇呂盧鍾譚陸麗強軍傑紅蘭華園莊棟單號樓龍鳳雲東風灣國")
WIDE = str.maketrans("0123456789-#", "０１２３４５６７８９－＃")
HANZI = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Place:
    """What a town is called and built of."""

    city: str
    old_city: str
    county: str
    district: str
    roots: tuple
    ends: tuple
    late: bool = False


TOWNS = {
    "river": Place("襄阳", "襄樊", "襄阳县", "樊城区", tuple("汉江 檀溪 鹿门 岘山 云湾 铜鞮 仲宣 羊祜 临汉 隆中 凤雏 卧龙 水镜 习家 夫人 庞公".split()),
                   ("花园", "公馆", "府", "苑", "名城", "国际")),
    "lake": Place("长沙", "", "长沙县", "岳麓区", tuple("松雅 梅溪 洋湖 谷山 桃花 圭塘 咸嘉 银盆 浏阳 跳马 观沙 西雅 德思 麓云 橘洲 湘府".split()),
                  ("花园", "雅居", "华庭", "新城", "里", "郡")),
    "coast": Place("乌兰察布", "集宁", "丰镇市", "集宁区", tuple("霸王 白泉 老虎 红旗 亿利 察哈 辉腾 岱海 黄旗 蒙古 青山 卧佛 金沙 怀远 察右 商都".split()),
                   ("家园", "嘉园", "小区", "广场", "城", "公馆")),
    "last": Place("淮安", "淮阴", "涟水县", "清江浦区", tuple("漕运 萧湖 勺湖 月湖 钵池 柳树 清晏 御码 翔宇 西游 洪泽 镇淮 河下 板闸 安澜 枚乘".split()),
                  ("花园", "雅苑", "悦府", "学府", "半岛", "人家"), late=True),
}


@dataclass(frozen=True)
class Home:
    """What is true of a household."""

    name: str
    spouse: str
    phone: str
    spare: str
    third: str
    estate: str
    end: str
    phase: int
    shape: str           # flat, villa, tower, lane
    building: int
    unit: int
    floor: int
    flat: int

    @property
    def room(self):
        return f"{self.floor}{self.flat:02d}"


class Town:
    """Makes households of one place and writes them down."""

    def __init__(self, place, seed):
        self.place, self.rng, self.used = place, random.Random(f"{place.city}{seed}"), set()

    def pick(self, *forms, late=()):
        """One of the forms; of the late ones too in the town kept for last."""
        return self.rng.choice((*forms, *late) if self.place.late else forms)

    def person(self):
        weights = [1 / (i + 3) for i in range(len(SURNAMES))]
        return self.rng.choices(SURNAMES, weights)[0] + "".join(self.rng.sample(GIVEN, self.rng.choice((1, 2, 2, 2))))

    def number(self):
        while (made := f"1{self.rng.choice('35789')}{self.rng.randrange(10 ** 9):09d}") in self.used:
            pass
        self.used.add(made)
        return made

    def home(self, shape=None, **given):
        r = self.rng
        root = r.choice(self.place.roots)
        fixed = random.Random(root)
        values = {
            "name": self.person(), "spouse": self.person(), "phone": self.number(), "spare": self.number(), "third": self.number(), "estate": root,
            "end": fixed.choice(self.place.ends), "phase": r.choice((0, 0, 1, 2)) if fixed.random() < 0.4 else 0,
            "shape": shape or r.choices(("flat", "villa", "tower", "lane"), (70, 12, 9, 9))[0], "building": r.randint(1, 36),
            "unit": r.choice((0, 1, 2, 3)), "floor": r.randint(3, 33), "flat": r.randint(1, 6)}
        return Home(**values | given)

    # --- cells ----------------------------------------------------------------------------------------------------

    def estate(self, h):
        phase = self.pick(f"{HANZI[h.phase]}期", f"{h.phase}期", f"({h.phase}期)") if h.phase else ""
        return h.estate + h.end + phase

    def house(self, h):
        """A plain way of writing the flat, villa, lane or tower."""
        b, u, r = h.building, h.unit, h.room
        if h.shape == "villa":
            return self.pick(f"{b}号", f"{b}栋", f"别墅{b}号", f"{b}号别墅")
        if h.shape == "lane":
            return f"{b}号{r}室"
        if h.shape == "tower":
            return f"{'ABCD'[b % 4]}座{r}"
        return self.pick(f"{b}栋{u}单元{r}", f"{b}-{u}-{r}", f"{b}号楼{u}单元{r}室") if u else self.pick(f"{b}栋{r}", f"{b}号楼{r}室", f"{b}-{r}")

    def lane(self, h):
        fixed = random.Random(h.estate)
        return f"{h.estate}路{fixed.randint(20, 900)}弄"

    def where(self, h):
        return self.lane(h) if h.shape == "lane" else self.estate(h)

    def row(self, h, **given):
        place, flat = self.where(h), self.house(h)
        return {"name": h.name, "phone": h.phone, "spare": "", "community": place, "address": self.pick(flat, place + flat), "remark": ""} | given

    def titled(self, name):
        return name[0] + self.pick("先生", "女士", "总", "老师", "姐", late=("老板娘", "叔"))

    def others(self, h, **changes):
        """Other people in this house, or (by `changes`) near it."""
        return replace(h, name=self.person(), spouse=self.person(), phone=self.number(), spare=self.number(), third=self.number(), **changes)

    def by_phone(self, h, phone, **given):
        """A row that has nothing but the number to be known by."""
        return self.row(h, name=self.pick(self.person(), h.spouse), phone=phone, community="", address="", **given)

    def by_house(self, h, **given):
        """A row that has nothing but the house."""
        made = self.others(h)
        return self.row(made, **given)
