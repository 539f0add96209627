"""What the adapters of accounts share: who vouched for a source, whether it is well, secrets, calls, presets."""
