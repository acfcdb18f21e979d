"""The contract of a check: whoever writes one inherits this suite, and gives it the check."""

import json
import pickle
import re
from typing import TYPE_CHECKING

import pytest

from crmcore.checks import Check, Finding, check
from crmcore.checks.pages import Example, Page, parse
from crmcore.organization import Organization

if TYPE_CHECKING:
    from crmcore.checks import Report

__all__ = ["CheckContract"]


class CheckContract:
    """What holds for every check. Derive a class whose name begins with `Test`, and give it the fixture `check`."""

    @pytest.fixture
    def check(self) -> Check:
        """The check."""
        raise NotImplementedError("give the contract your check: a fixture `check` that returns it")

    @pytest.fixture
    def page(self, check: Check) -> Page:
        """Its page."""
        return parse(check.page)

    def test_its_code_is_letters_and_digits_and_its_name_is_words(self, check: Check) -> None:
        """Codes and names are typed by people, and sorted by programs."""
        assert re.fullmatch("[A-Z]{3,8}[0-9]{3,5}", check.code), check.code
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", check.name), check.name

    def test_its_page_is_the_page_of_this_check(self, check: Check, page: Page) -> None:
        """The page begins with the code and the name."""
        assert (page.code, page.name) == (check.code, check.name)

    def test_it_speaks_on_the_failing_file_and_is_silent_on_the_mended_one(self, check: Check, page: Page) -> None:
        """The two files of the page are the proof that the check finds what it says."""
        assert [finding.code for finding in self._findings(check, page.failing)], "nothing is found in the failing file"
        assert self._findings(check, page.mended) == ()

    def test_its_findings_are_one_line_in_words_with_a_place_and_a_mend(self, check: Check, page: Page) -> None:
        """Whoever reads a finding has to know what, where, and what to do."""
        for finding in self._findings(check, page.failing):
            assert finding.message, "the message is empty"
            assert "\n" not in finding.message, finding.message
            assert finding.place.file == "crmcore.yaml", f"{finding.message}: the place is not in the file"
            assert finding.help, f"{finding.message}: nothing says how to mend it"

    def test_its_findings_are_the_same_every_time_and_can_be_kept_and_sent(self, check: Check, page: Page) -> None:
        """Reports are compared, written as JSON, and sent between processes."""
        findings = self._findings(check, page.failing)
        assert self._findings(check, page.failing) == findings
        assert pickle.loads(pickle.dumps(findings)) == findings  # noqa: S301 (what was dumped here)
        for finding in findings:
            json.dumps(finding.to_dict(), allow_nan=False)

    def test_an_empty_organization_does_not_stop_it(self, check: Check) -> None:
        """The first file of a company holds little more than its name."""
        self._report(check, Organization("empty"), Example(""))

    def _findings(self, one: Check, example: Example) -> tuple[Finding, ...]:
        organization = Organization.parse(example.text, file="crmcore.yaml")
        return self._report(one, organization, example).findings

    def _report(self, one: Check, organization: Organization, example: Example) -> "Report":
        return check(organization, on=example.on, until=example.until, without=example.without, checks=[one])
