"""One module for each report: from rows of the ledger to the tables of ``counter.domain.tabular``."""
