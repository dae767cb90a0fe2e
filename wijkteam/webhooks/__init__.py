"""Webhooks: telling other systems that something happened, as CloudEvents that name no household."""
