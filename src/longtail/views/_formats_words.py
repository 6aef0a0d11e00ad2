"""Words and signs that programs and speakers are known by."""

SURE = (
    "def elif import const function public private protected static void int float double char bool struct enum fn func impl "
    "pub package namespace typedef #include #define #ifdef #ifndef #endif #pragma using template elseif println printf endif "
    "async await export extends implements SELECT INSERT UPDATE DELETE CREATE ALTER DROP WHERE JOIN puts require echo sudo "
    "pip npm git docker"
)
"""First words of lines of code that seldom begin a line of prose."""

MAYBE = (
    "class from return if else for while try except finally with let var use switch case break continue do end local then fi "
    "done print raise assert pass yield lambda FROM AND ORDER GROUP VALUES SET LIMIT val mut match unless catch throw new "
    "this self"
)
"""First words of lines of code that prose may begin a line with as well."""

ROLES = (
    "user assistant human ai bot q a question answer system customer agent interviewer interviewee speaker student teacher "
    "doctor patient client therapist host guest me you moderator caller operator"
)
"""Names of those who speak in a dialogue."""

OPERATORS = "== != => -> && || += -= *= /= :: () ); {} ]; }; := <= >= /* */ ++ << >> ${ [] :] ): ){"
"""Pairs of signs that stand in code."""
