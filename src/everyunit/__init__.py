"""Every Unit: billing productivity for outpatient rehab therapy."""

__version__ = "0.1.0"
