"""Legal forms of companies, as they stand at the end of their names."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

__all__ = ["CHINESE_FORMS", "FORMS_IN_FRONT", "WESTERN_FORMS", "LegalForm"]


class LegalForm(StrEnum):
    """What kind of company one is, as far as its name tells."""

    LIMITED = "limited"
    JOINT_STOCK = "joint-stock"
    PARTNERSHIP = "partnership"
    SOLE = "sole"
    COOPERATIVE = "cooperative"
    GROUP = "group"
    COMPANY = "company"


def _forms(texts: Mapping[LegalForm, str], between: str | None = None) -> Mapping[str, LegalForm]:
    found = {text.strip(): form for form, row in texts.items() for text in row.split(between)}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


CHINESE_FORMS: Final = _forms(
    {
        LegalForm.JOINT_STOCK: "股份有限公司 股份公司 股份有限責任公司 股份有限责任公司 株式会社 株 주식회사 주",
        LegalForm.LIMITED: "有限责任公司 有限公司 有限責任公司 有限会社 合同会社 有限 责任公司 責任公司 有限责任",
        LegalForm.PARTNERSHIP: "合伙企业 有限合伙 普通合伙 特殊普通合伙 合夥企業",
        LegalForm.SOLE: "个人独资企业 个体工商户 独资",
        LegalForm.COOPERATIVE: "农民专业合作社 专业合作社 专业合作社联合社 股份合作公司",
        LegalForm.GROUP: "集团 集團 集团公司 集團公司 企业集团 控股 控股集团",
        LegalForm.COMPANY: "总公司 總公司 公司",
    }
)
"""Chinese, Japanese and Korean forms, the longest first."""

WESTERN_FORMS: Final = _forms(
    {
        LegalForm.LIMITED: """ltd, limited, co ltd, company limited, coltd, co limited, llc, lc, gmbh, ggmbh, mbh, ug,
            ug haftungsbeschrankt, sarl, srl, sprl, bv, bvba, pty ltd, pty, pte ltd, pte, pvt ltd, private limited,
            pvt, sdn bhd, gk, ooo, ood, eood, doo, sro, kft, lda, ltda, aps, oy, ab, as, sp z oo, spzoo, sl, sasu, sas,
            eurl, gesellschaft mit beschrankter haftung, ооо, dmcc, fze, fzco""",
        LegalForm.JOINT_STOCK: """inc, incorporated, corp, corporation, plc, public limited company, ag, se, sa, spa,
            nv, oyj, asa, bhd, kk, kabushiki kaisha, jsc, ojsc, pjsc, pao, oao, zao, ad, dd, zrt, nyrt, sa de cv, tbk,
            pcl, kgaa, aktiengesellschaft, societe anonyme, sociedad anonima, ао, оао, зао, пао, pt""",
        LegalForm.PARTNERSHIP: "llp, lp, kg, ohg, gbr, gmbh and co kg, gmbh co kg, ag and co kg, vof, snc, lllp",
        LegalForm.SOLE: "ek, ei, ип",
        LegalForm.COOPERATIVE: "eg, coop, cooperative",
        LegalForm.GROUP: "group, holding, holdings",
        LegalForm.COMPANY: "co, company",
    },
    between=",",
)
"""Western forms as words in small letters without dots, the longest first."""

FORMS_IN_FRONT: Final = frozenset(("ооо", "ао", "оао", "зао", "пао", "ип", "pt"))
"""Those of the Western forms that stand before the name."""
