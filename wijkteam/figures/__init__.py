"""The figures of the bestuurder's report: summaries kept in step with the work, and what is counted from them."""
