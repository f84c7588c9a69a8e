"""Which notices are about one business: hard links join, soft links relate, look-alikes stay apart. Pure."""
