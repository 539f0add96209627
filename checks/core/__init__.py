"""The machinery behind the checks: values, facts, declaration, rulebook, ledger."""
