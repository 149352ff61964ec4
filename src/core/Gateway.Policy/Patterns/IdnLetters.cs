namespace Gateway.Policy.Patterns;

/// <summary>
/// Letters of host names that every version of IDNA maps to themselves. Programs map others, such as ß, full-width or
/// combined letters, differently, so such a host must be written in punycode.
/// </summary>
internal static class IdnLetters
{
    private static readonly (char First, char Last)[] Ranges =
    [
        ('\u00E0', '\u00F6'), ('\u00F8', '\u00FF'), ('\u0100', '\u0131'), ('\u0134', '\u013E'),
        ('\u0141', '\u0148'), ('\u014A', '\u017E'), ('\u03AC', '\u03C1'), ('\u03C3', '\u03CE'),
        ('\u0430', '\u045F'), ('\u3041', '\u3093'), ('\u30A1', '\u30FA'), ('\u4E00', '\u9FFF'), ('\uAC00', '\uD7A3'),
    ];

    /// <summary>Returns true for such a letter in lowercase.</summary>
    public static bool IsPlain(char letter)
    {
        foreach (var (first, last) in Ranges)
        {
            if (letter >= first && letter <= last)
                return true;
        }

        return false;
    }
}
