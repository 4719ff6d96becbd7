"""The danger detector: plain Python that raises an alert for a human being and decides nothing by itself."""

from teduh.risk.findings import Category, Finding, Person, Severity
from teduh.risk.scanner import scan, scan_all

__all__ = ["Category", "Finding", "Person", "Severity", "scan", "scan_all"]
