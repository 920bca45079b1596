"""Province, city and district at the head of an address."""

import re

_PROVINCES = ("河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 "
              "内蒙古 广西 西藏 宁夏 新疆").split()
_CITIES = ("北京 上海 天津 重庆 广州 深圳 珠海 佛山 东莞 中山 惠州 江门 汕头 湛江 肇庆 茂名 揭阳 清远 韶关 杭州 宁波 温州 嘉兴 湖州 绍兴 "
           "金华 台州 南京 苏州 无锡 常州 南通 扬州 徐州 镇江 盐城 泰州 成都 绵阳 德阳 宜宾 武汉 宜昌 襄阳 长沙 株洲 湘潭 岳阳 衡阳 郑州 "
           "洛阳 济南 青岛 烟台 潍坊 临沂 淄博 福州 厦门 泉州 漳州 莆田 合肥 芜湖 南昌 赣州 九江 昆明 贵阳 遵义 南宁 柳州 桂林 海口 三亚 西安 "
           "咸阳 兰州 西宁 银川 乌鲁木齐 沈阳 大连 长春 哈尔滨 石家庄 唐山 保定 廊坊 太原 呼和浩特").split()
_PROVINCE = re.compile(rf"^(?:中国)?(?:(?:{'|'.join(_PROVINCES)})(?:省|(?:壮族|回族|维吾尔)?自治区))")
_BARE_PROVINCE = re.compile(rf"^(?:{'|'.join(_PROVINCES)})(?=(?:{'|'.join(_CITIES)}))")
_CITY = re.compile(rf"^(?P<city>(?:{'|'.join(_CITIES)})(?=市)|(?!.?城市)[\u4e00-\u9fff]{{2,4}}(?=市(?!场|民|政|区)))市(?:市辖区)?")
_BARE_CITY = re.compile(rf"^(?P<city>{'|'.join(_CITIES)})(?=[\u4e00-\u9fff]{{0,4}}?(?:(?<![小社园厂校院营住])[区县]|工业园区))")
_NO_DISTRICT = "小社园厂校院营住"  # 小区, 社区 and the like are no districts; nor is 翠湾东区, while 渝北区 is
_DISTRICT = re.compile(
    rf"^(?P<district>工业园区|[\u4e00-\u9fff]{{2}}(?<![{_NO_DISTRICT}])区|[\u4e00-\u9fff]{{1,2}}县"
    rf"|[\u4e00-\u9fff]{{3,5}}?(?:(?<![{_NO_DISTRICT}片景东西南北])区|县|旗))")
_ROAD = re.compile(r"^(?:[\u4e00-\u9fff]{1,6}?(?:街道|镇|乡))?[\u4e00-\u9fff]{1,8}?(?:路|大街|大道|街)(?:[一二三四五六东南西北]?段)?\d+(?:弄|号|巷)(?![楼院])")


def split_region(text):
    """(city, district, the rest) of a folded, simplified address without blanks."""
    text = _BARE_PROVINCE.sub("", _PROVINCE.sub("", text))
    city = district = ""
    match = _CITY.match(text) or _BARE_CITY.match(text)
    if match:
        city, text = match["city"], text[match.end():]
    match = _DISTRICT.match(text)
    if match and len(text) > match.end():
        district, text = match["district"], text[match.end():]
        second = _DISTRICT.match(text) if district[-1] == "区" else None
        if second and second["district"] in ("高新区", "开发区", "新区"):
            text = text[second.end():]
    road = _ROAD.match(text)
    return city, district, text[road.end():] if road and len(text) > road.end() else text
