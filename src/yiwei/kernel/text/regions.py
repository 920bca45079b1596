"""Province, city and county at the head of an address, by the list of China's divisions and what they were called before."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

# Divisions that bear another name today: 襄樊 is 襄阳, 襄阳县 is 襄州区.
RENAMED_CITIES = {"襄樊": "襄阳", "淮阴": "淮安", "思茅": "普洱", "集宁": "乌兰察布", "荆沙": "荆州", "徽州": "黄山", "通什": "五指山", "达县": "达州",
                  "莱芜": "济南", "巢湖": "合肥", "伊克昭盟": "鄂尔多斯", "哲里木盟": "通辽", "昭乌达盟": "赤峰", "东胜": "鄂尔多斯", "呼伦贝尔盟": "呼伦贝尔",
                  "商洛地区": "商洛", "宿县": "宿州", "滁县": "滁州", "荆门地区": "荆门", "零陵": "永州", "大庸": "张家界", "梅县": "梅州", "惠阳": "惠州"}
RENAMED_COUNTIES = {"襄阳县": "襄州区", "淮阴县": "淮阴区", "楚州区": "淮安区", "清河区": "清江浦区", "清浦区": "清江浦区", "闸北区": "静安区",
                    "卢湾区": "黄浦区", "南汇区": "浦东新区", "川沙县": "浦东新区", "崇文区": "东城区", "宣武区": "西城区", "江干区": "上城区", "下城区": "拱墅区",
                    "平江区": "姑苏区", "沧浪区": "姑苏区", "金阊区": "姑苏区", "白下区": "秦淮区", "下关区": "鼓楼区", "塘沽区": "滨海新区", "汉沽区": "滨海新区",
                    "大港区": "滨海新区", "东山区": "越秀区", "芳村区": "荔湾区", "萝岗区": "黄埔区", "潞西": "芒市", "中甸县": "香格里拉市", "吴县市": "吴中区",
                    "锡山市": "锡山区", "武进市": "武进区", "鄞县": "鄞州区", "绍兴县": "柯桥区", "达县": "达川区", "双流县": "双流区", "长安县": "长安区"}
_ENDS = "特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市"
_CITY_WORD = r"(?:市|地区|盟|(?:[\u4e00-\u9fff]{1,8}族)?自治州|州(?=[\u4e00-\u9fff]{1,5}[县市]))"
_KIND = re.compile(r"(?:自治[县旗]|[区县市旗])$")
_UNKNOWN_CITY = re.compile(r"^(?P<city>[\u4e00-\u9fff]{1,3}[^城都](?=市(?!场|民|政|区)))市")
_COUNTY_NEXT = re.compile(r"^[\u4e00-\u9fff]{0,4}?(?:(?<![小社园厂校院营住])[区县]|工业园区)")
_NO_COUNTY = "小社园厂校院营住"  # 小区, 社区 and the like are no counties; nor is 翠湾东区, while 渝北区 is
_UNLISTED = re.compile(
    rf"^(?P<county>工业园区|[\u4e00-\u9fff]{{2}}(?<![{_NO_COUNTY}])区|[\u4e00-\u9fff]{{1,2}}县"
    rf"|[\u4e00-\u9fff]{{3,5}}?(?:(?<![{_NO_COUNTY}片景东西南北])区|县|旗))")
_ZONES = ("高新区", "开发区", "新区", "经开区", "高新技术产业开发区", "经济开发区")
_TOWN = r"(?:[\u4e00-\u9fff]{1,6}?(?:街道|镇|乡))?"
_ROAD = re.compile(rf"^{_TOWN}[\u4e00-\u9fff]{{1,8}}?(?:路|大街|大道|街)(?:[一二三四五六东南西北]?段)?\d+(?P<word>弄|号|巷)(?![楼院])")
_CROSSING = re.compile(r"^[\u4e00-\u9fff]{1,6}(?:路|街|大道)[与和][\u4e00-\u9fff]{1,6}(?:路|街|大道)(?:交叉口|交汇处|路口)?")
_HOUSE_ONLY = re.compile(r"^(?:[A-Z]{0,2}\d|[A-Z][座栋幢塔]|[东西南北]?[一二三四五六七八九十]+[号栋幢座]|\d)")


@cache
def _divisions():
    """(provinces, {stem of a city: its name}, {county: cities that have one}, {city: counties})."""
    provinces, cities, counties, inside = {}, {}, defaultdict(set), defaultdict(set)
    for line in (Path(__file__).parent / "divisions.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        province, city, *below = line.split()
        stem = re.sub(rf"(?:{_ENDS}|地区|盟|[\u4e00-\u9fff]{{1,8}}族自治州)$", "", city)
        provinces[re.sub(rf"(?:{_ENDS})$", "", province)] = province
        cities[stem] = stem
        for one in below:
            counties[one].add(stem)
            inside[stem].add(one)
    for old, new in RENAMED_CITIES.items():
        cities[old] = new
    for old, new in RENAMED_COUNTIES.items():
        counties[old] |= counties.get(new, set())
        for stem in counties[old]:
            inside[stem].add(old)
    return provinces, cities, dict(counties), dict(inside)


def city_names():
    """Names of cities as they stand before an estate's: 南京翠湾."""
    return tuple(_divisions()[1])


def same_county(a, b):
    """Whether two counties may be one: 增城市 and 增城区, 襄阳县 and 襄州区."""
    a, b = RENAMED_COUNTIES.get(a, a), RENAMED_COUNTIES.get(b, b)
    return a == b or _KIND.sub("", a) == _KIND.sub("", b)


def split_region(text):
    """(city, county, the rest) of a folded, simplified address without blanks."""
    text = _province(text.removeprefix("中国"))
    city, text = _city(text)
    county, text = _county(text, city)
    if not city and county:
        known = _divisions()[2].get(county, ())
        city = next(iter(known)) if len(known) == 1 else ""
    return city, county, _street(text)


def _province(text):
    provinces, cities, counties, _inside = _divisions()
    for stem, full in provinces.items():
        if not text.startswith(stem) or stem in cities:
            continue
        rest = text[len(stem):]
        said = re.match(rf"(?:{_ENDS})", rest) if full != stem else None
        if said:
            return rest[said.end():]
        if any(rest[:n] in cities or rest[:n] in counties for n in (2, 3, 4)):
            return rest
    return text


def _city(text):
    _provinces, cities, counties, inside = _divisions()
    for n in range(min(7, len(text)), 1, -1):
        stem = cities.get(text[:n])
        if stem is None:
            continue
        rest = text[n:]
        said = re.match(_CITY_WORD, rest)
        if said and not re.match(r"市(?:场|民|政|区[^\u4e00-\u9fff])", rest):
            return stem, rest[said.end():].removeprefix("市辖区")
        if any(rest.startswith(c) for c in inside.get(stem, ())) or (text[:n + 1] not in counties and _COUNTY_NEXT.match(rest)):
            return stem, rest
    listed = any(text[:n] in counties for n in (3, 4, 5))
    match = None if listed else _UNKNOWN_CITY.match(text)
    return (match["city"], text[match.end() :].removeprefix("市辖区")) if match else ("", text)


def _county(text, city):
    counties, inside = _divisions()[2:]
    allowed = inside.get(city)
    for n in range(min(16, len(text) - 1), 2, -1):
        name = text[:n]
        if name in counties and (not allowed or name in allowed or name[-1] in "县市"):
            return name, _zone(text[n:])
    match = _UNLISTED.match(text)
    if match and len(text) > match.end():
        rest = text[match.end():]
        return match["county"], _zone(rest) if match["county"][-1] == "区" else rest
    return "", text


def _zone(text):
    """A zone within a county says nothing more."""
    zone = next((z for z in _ZONES if text.startswith(z) and len(text) > len(z) + 1), "")
    return text[len(zone):]


def _street(text):
    """Without town, road and number, unless these are all that names the place (鹿门路123弄5号601)."""
    town = re.match(r"^[\u4e00-\u9fff]{1,4}(?:街道|镇)(?=[\u4e00-\u9fff]{2})", text)
    text = text[town.end():] if town else text
    road = _ROAD.match(text) or _CROSSING.match(text)
    if not road or len(text) <= road.end() or _HOUSE_ONLY.match(text[road.end():]):
        return text
    return text[road.end():]
