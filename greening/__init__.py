"""Greening: which trees may stand where, what the bureau supplies, what was planted and lives."""
