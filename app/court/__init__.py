"""Courts 人民法院: cases 案件, filing 立案, hearings 开庭, and the clocks 期限 that run on them."""
