"""What files in English and Chinese call the fields of a customer: the likeliest first."""

from collections.abc import Mapping
from typing import Final

__all__ = ["HEADINGS"]

_WORDS: Final[Mapping[str, str]] = {
    "name": (
        "name, customer name, customer, company, company name, account, "
        "account name, organization, organisation, organization name, firm, "
        "business name, client, client name, 公司名称, 公司, 公司名, 公司全称, 客户名称, 客户, 客户名, "
        "客户全称, 企业名称, 企业, 企业全称, 单位名称, 单位, 单位全称, 名称, 全称, 机构名称"
    ),
    "id": (
        "id, customer id, customer no, customer number, customer code, account id, "
        "account number, company id, record id, 客户编号, 客户编码, 客户代码, 客户号, 客户ID, 公司编号, "
        "企业编号, 编号"
    ),
    "customer_type": ("type, customer type, account type, 客户类型, 类型"),
    "registration": (
        "registration, registration number, uscc, tax id, tax number, vat, "
        "vat number, vat id, credit code, unified social credit code, 统一社会信用代码, "
        "信用代码, 社会信用代码, 税号, 纳税人识别号, 营业执照号, 注册号"
    ),
    "parent": (
        "parent, parent company, parent account, parent customer, subsidiary of, "
        "group, 母公司, 上级公司, 上级客户, 上级单位, 所属集团, 集团"
    ),
    "source": ("source, lead source, origin, channel, 来源, 客户来源, 线索来源, 渠道, 渠道来源"),
    "language": ("language, preferred language, 语言, 首选语言"),
    "time_zone": ("time zone, timezone, 时区"),
    "stage": ("stage, lifecycle stage, status, customer status, 阶段, 客户阶段, 状态, 客户状态, 跟进状态"),
    "phone": (
        "phone, telephone, tel, phone number, company phone, office phone, "
        "main phone, 电话, 公司电话, 联系电话, 座机, 固定电话, 总机, 客户电话"
    ),
    "email": ("email, e-mail, mail, email address, company email, 邮箱, 电子邮箱, 电子邮件, 公司邮箱, 邮件"),
    "web": ("web, website, web site, url, homepage, domain, 网址, 网站, 官网, 公司网址, 公司网站, 主页"),
    "address": (
        "address, street, street address, company address, billing address, mailing address, "
        "地址, 公司地址, 详细地址, 联系地址, 办公地址, 通讯地址, 客户地址, 注册地址"
    ),
    "country": ("country, country name, country code, nation, 国家, 国家/地区, 国别"),
    "contact.name": (
        "contact, contact name, contact person, full name, person, 联系人, 联系人姓名, 姓名, "
        "对接人, 负责人, 主要联系人, 首要联系人"
    ),
    "contact.title": ("contact title, title, job title, position, 职位, 职务, 联系人职务, 联系人职位, 岗位"),
    "contact.department": ("contact department, department, 部门, 所在部门, 联系人部门"),
    "contact.phone": (
        "mobile, mobile phone, cell, cell phone, cellphone, contact phone, "
        "contact mobile, 手机, 手机号, 手机号码, 移动电话, 联系人电话, 联系人手机, 联系方式"
    ),
    "contact.email": ("contact email, contact e-mail, 联系人邮箱, 联系人邮件, 个人邮箱"),
}

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {name: tuple(words.split(", ")) for name, words in _WORDS.items()}
"""The headings of each field."""

_PARTS: Final[Mapping[str, str]] = {
    "region": "region, state, province, state province, 省, 省份, 所在省, 所在省份, 省区",
    "city": "city, town, 市, 城市, 所在市, 所在城市",
    "district": "district, county, 区, 县, 区县, 所在区, 所在区县",
    "postcode": "postcode, post code, postal code, zip, zip code, zip postal code, 邮编, 邮政编码",
}

ADDRESS_PARTS: Final[Mapping[str, tuple[str, ...]]] = {part: tuple(words.split(", ")) for part, words in _PARTS.items()}
"""The headings of columns that hold a part of an address, from the largest part to the smallest, and the postcode."""
