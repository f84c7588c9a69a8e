"""Who a notice names: firms, people, websites, numbers, places. Pure."""
