"""Mail: single messages and mailboxes, read with nothing but the standard library.

`message` takes messages apart, `headers` reads what stands above them, `body` writes their words,
`reader` makes documents of messages and attachments, `mailbox` cuts mailboxes into messages.
"""
