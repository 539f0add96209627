"""The commands of `xuncha`, grouped by what they are for. Each reads its arguments, calls one function and prints."""
