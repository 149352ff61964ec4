namespace Gateway.Policy.Expressions;

/// <summary><c>\d \w \s</c> and their opposites as ASCII ranges, for use inside a class.</summary>
internal static class RegexClasses
{
    // The opposites omit the surrogates: a surrogate pair is one character and is added as such.
    public static string? Ranges(char letter) => letter switch
    {
        'd' => "0-9",
        'w' => "A-Za-z0-9_",
        's' => @"\t-\r ",
        'D' => @"\u0000-\u002F\u003A-\uD7FF\uE000-\uFFFF",
        'W' => @"\u0000-\u002F\u003A-\u0040\u005B-\u005E\u0060\u007B-\uD7FF\uE000-\uFFFF",
        'S' => @"\u0000-\u0008\u000E-\u001F\u0021-\uD7FF\uE000-\uFFFF",
        _ => null,
    };

    public static bool IsNegated(char letter) => letter is 'D' or 'W' or 'S';
}
