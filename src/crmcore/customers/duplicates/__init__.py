"""Duplicates: customers that were entered more than once, found at entry and in bulk, with reasons."""

from crmcore.customers.duplicates.agreements import Agreement, Evidence, described
from crmcore.customers.duplicates.clustering import clusters
from crmcore.customers.duplicates.comparing import RULED_OUT, Match, Reason, compare
from crmcore.customers.duplicates.distances import can_compare
from crmcore.customers.duplicates.failures import RepeatedProfile
from crmcore.customers.duplicates.finding import Duplicates, Pair, find_duplicates
from crmcore.customers.duplicates.keys import LONGEST_KEY, keys, keys_of, proving
from crmcore.customers.duplicates.preparing import Prepared, prepared
from crmcore.customers.duplicates.profiles import Profile, ProfileKind
from crmcore.customers.duplicates.recognizing import (
    Candidates,
    Fetch,
    Lookup,
    Recognized,
    alike,
    candidates,
    recognize,
    shared,
)
from crmcore.customers.duplicates.settings import DEFAULTS, OFFICIAL, Frequencies, Odds, Settings

__all__ = [
    "DEFAULTS",
    "LONGEST_KEY",
    "OFFICIAL",
    "RULED_OUT",
    "Agreement",
    "Candidates",
    "Duplicates",
    "Evidence",
    "Fetch",
    "Frequencies",
    "Lookup",
    "Match",
    "Odds",
    "Pair",
    "Prepared",
    "Profile",
    "ProfileKind",
    "Reason",
    "Recognized",
    "RepeatedProfile",
    "Settings",
    "alike",
    "can_compare",
    "candidates",
    "clusters",
    "compare",
    "described",
    "find_duplicates",
    "keys",
    "keys_of",
    "prepared",
    "proving",
    "recognize",
    "shared",
]
