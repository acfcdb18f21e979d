"""Chinese surnames: the common ones, those of two characters, and those that are read unlike other words.

The single surnames are those of the Hundred Family Surnames (百家姓, Song dynasty) and the frequent ones that it lacks.
"""

from collections.abc import Mapping
from typing import Final

__all__ = ["COMPOUND_SURNAMES", "READINGS", "SURNAMES"]

SURNAMES: Final = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫"
    "经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓"
    "牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙"
    "池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向"
    "古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢"
    "关蒯相查后荆红游竺权逯盖益桓公牟哈仉肖付闫代兰佟仝覃涂岳苟丘候原覃练冼区邸樊芦粟卿占鹿苑尧智商檀伦佘揭员买海朴逢"
    "亓由呼邝但南帅干撒庹迟粘衣初矫昃郇阳谌么才折种繁秘召过黑洗句呙颉祭佴扎库鄢郄镡撖眭宿肇伯赏督"
)
"""Surnames of one character."""

_COMPOUND: Final = (
    "欧阳 司马 上官 诸葛 司徒 夏侯 皇甫 尉迟 公孙 慕容 令狐 东方 独孤 南宫 长孙 宇文 司空 百里 呼延 端木 "
    "轩辕 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 亓官 司寇 巫马 公西 颛孙 壤驷 公良 "
    "漆雕 乐正 宰父 谷梁 拓跋 夹谷 段干 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 万俟 赫连 闻人 第五 完颜 "
    "叶赫 纳兰 富察 耶律 欧陽 司馬 諸葛 長孫 獨孤 尉遲"
)
COMPOUND_SURNAMES: Final = frozenset(_COMPOUND.split())
"""Surnames of two characters."""

READINGS: Final[Mapping[str, str]] = {
    "曾": "zeng",
    "单": "shan",
    "單": "shan",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "區": "ou",
    "查": "zha",
    "朴": "piao",
    "盖": "ge",
    "蓋": "ge",
    "乐": "yue",
    "樂": "yue",
    "翟": "zhai",
    "缪": "miao",
    "繆": "miao",
    "繁": "po",
    "员": "yun",
    "員": "yun",
    "种": "chong",
    "秘": "bi",
    "燕": "yan",
    "纪": "ji",
    "宓": "mi",
    "葛": "ge",
    "召": "shao",
    "过": "guo",
    "覃": "qin",
    "卜": "bu",
    "隗": "wei",
    "黑": "he",
    "折": "she",
    "祭": "zhai",
    "重": "chong",
    "洗": "xian",
    "佴": "nai",
    "句": "gou",
    "牟": "mou",
    "阚": "kan",
    "闞": "kan",
    "都": "du",
    "郇": "xun",
    "颉": "xie",
    "乜": "nie",
    "能": "nai",
    "莘": "shen",
    "薄": "bo",
    "臧": "zang",
    "藏": "zang",
    "盛": "sheng",
    "相": "xiang",
    "瞿": "qu",
    "万俟": "moqi",
    "尉迟": "yuchi",
    "尉遲": "yuchi",
    "长孙": "zhangsun",
    "長孫": "zhangsun",
    "澹台": "tantai",
    "单于": "chanyu",
    "令狐": "linghu",
}
"""How a surname is read where a dictionary would read the word otherwise."""
