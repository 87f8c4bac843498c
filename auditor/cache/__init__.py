"""What was worked out before, kept in a folder of the user's, and given again while nothing has changed.

A stale answer would be a wrong one. So what is kept comes with every look that was taken at the disk and the
environment to make it (``auditor.disk``), and each is taken again, by content and not by date, before it is
given. Nothing here decides what netaudit says: without a cache, or with a broken one, it only takes longer.
"""
