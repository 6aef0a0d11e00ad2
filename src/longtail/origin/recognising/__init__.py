"""Recognisers: what each document says of its own origin by ledger, watermark, credential or hidden sign."""
