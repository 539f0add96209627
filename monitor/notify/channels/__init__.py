"""The kinds of channel, one file each.

They are ours and not apprise's: apprise 2.2.0 reports success when 企业微信, 钉钉 or 飞书 refuse a message with HTTP
200 and an error code, signs for 钉钉 with a doubly encoded signature, and cannot sign for 飞书 (libraries.md §4.8).
"""
