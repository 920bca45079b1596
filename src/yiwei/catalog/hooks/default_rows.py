"""Dictionaries a new dealer starts with."""

from yiwei.catalog.models.dictionary import CompletenessItem, CustomerSource, LiabilityReason, UnfinishedItem
from yiwei.org.rules.dealers import starter

SOURCES = [("自然进店", "自然", False, False), ("家装公司", "渠道", True, False), ("设计师", "渠道", True, False),
           ("小区推广", "推广", False, False), ("老带新", "口碑", False, True), ("线上", "线上", False, False),
           ("物业", "渠道", True, False), ("异业联盟", "渠道", True, False), ("员工", "口碑", False, True)]
REASONS = [("C01", "量尺误差", "measure", "designer"), ("S01", "设计错误", "design", "designer"), ("S02", "图纸不完整", "design", "designer"),
           ("P01", "审图漏项", "review", "drawing_auditor"), ("D01", "下单错误", "ordering", "purchaser"), ("G01", "工厂做错", "factory", "factory"),
           ("G02", "工厂漏发", "factory", "factory"), ("Y01", "运输损坏", "transport", "carrier"), ("K01", "仓储损坏", "warehouse", "storekeeper"),
           ("A01", "安装损坏", "install", "crew"), ("H01", "客户要求变更", "customer", "customer"),
           ("X01", "现场条件变化", "site", "customer"), ("Q01", "其他", "site", "company")]
ITEMS = [("缺件", "puzzle", True, True, "factory", 15), ("损坏", "bandage", True, True, "factory", 15),
         ("做错", "ruler-off", True, True, "factory", 20), ("台面未开孔", "scissors", False, True, "crew", 5),
         ("水电未到位", "plug", False, True, "customer", 10), ("墙面不平", "wall", False, True, "customer", 10),
         ("灯具未装", "bulb", False, True, "crew", 5), ("未清洁", "brush", False, False, "crew", 2)]
CHECKS = [("量尺照片", "hand_in", "photo"), ("客户签字图纸", "hand_in", "file"), ("电器型号", "hand_in", "tick"),
          ("水电位置", "drawing", "tick"), ("台面材质", "drawing", "tick"), ("五金清单", "drawing", "tick")]


@starter
def dictionaries():
    CustomerSource.objects.bulk_create([
        CustomerSource(name=n, group=g, needs_filing=f, needs_referrer=r, place=i) for i, (n, g, f, r) in enumerate(SOURCES, 1)])
    LiabilityReason.objects.bulk_create([
        LiabilityReason(code=c, name=n, stage=s, default_party=p, place=i, other=c == "Q01") for i, (c, n, s, p) in enumerate(REASONS, 1)])
    UnfinishedItem.objects.bulk_create([
        UnfinishedItem(name=n, icon=k, needs_supplement=s, second_visit=v, default_party=p, default_days=d, place=i)
        for i, (n, k, s, v, p, d) in enumerate(ITEMS, 1)])
    CompletenessItem.objects.bulk_create([CompletenessItem(name=n, stage=s, proof=p, must=False, place=i)
                                          for i, (n, s, p) in enumerate(CHECKS, 1)])
