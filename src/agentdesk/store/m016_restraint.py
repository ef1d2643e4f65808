"""Migration: what went to a customer by itself, found without looking through a conversation of thousands."""

STATEMENTS = ("CREATE INDEX message_auto ON message (ticket, n) WHERE direction = 'auto'",)
