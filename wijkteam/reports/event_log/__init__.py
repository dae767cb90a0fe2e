"""The event log for process mining: XES and OCEL 2.0, under pseudonyms and without a word that anybody wrote."""
