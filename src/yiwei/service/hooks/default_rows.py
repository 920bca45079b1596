"""What a new dealer starts with: a revisit template and the approval of dispatch in arrears."""

from yiwei.org.rules.dealers import flow, starter
from yiwei.service.models.care import RevisitTemplate

QUESTIONS = [
    {"code": "day", "text": "当天完成安装了吗？", "kind": "yes_no", "red": ""},
    {"code": "call", "text": "上门前有没有电话联系？", "kind": "yes_no", "red": "no"},
    {"code": "clean", "text": "是否穿工服、戴鞋套并清理现场？", "kind": "yes_no", "red": ""},
    {"code": "damage", "text": "有没有损坏物品？", "kind": "yes_no", "red": "yes"},
    {"code": "guide", "text": "给导购打几分？", "kind": "score", "red_below": 3},
    {"code": "designer", "text": "给设计师打几分？", "kind": "score", "red_below": 3},
    {"code": "crew", "text": "给安装师傅打几分？", "kind": "score", "red_below": 3},
    {"code": "words", "text": "还有什么建议？", "kind": "text"},
]


@starter
def templates():
    RevisitTemplate.objects.create(name="安装回访", occasion="install", questions=QUESTIONS, days_after=2)


@starter
def flows():
    flow("欠款派工", "service.installorder.dispatch", [{"name": "大区总监", "by": "position", "of": "region_director"}],
         [{"fact": "arrears", "op": "gt", "value": "0"}], 10)
