namespace Gateway.Policy.Tests.Rules;

/// <summary>Other ways to write a name that a lenient server, a model or a person takes for the same.</summary>
internal static class Spellings
{
    private static readonly Dictionary<char, string[]> Looks = new()
    {
        ['a'] = ["А", "а", "Α", "ａ", "Ａ", "𝐚", "ⓐ", "ᵃ", "ɑ"],
        ['c'] = ["с", "С", "ｃ", "ⅽ", "ϲ"],
        ['d'] = ["ｄ", "ԁ", "ⅾ", "𝖽"],
        ['e'] = ["е", "Е", "Ε", "ｅ", "℮", "ᵉ"],
        ['h'] = ["Н", "Η", "һ", "ｈ", "ℎ"],
        ['i'] = ["і", "І", "Ι", "ｉ", "ⅰ", "ı", "İ", "ɩ"],
        ['l'] = ["1", "|", "ⅼ", "ｌ", "Ӏ", "ǀ", "І", "Ⅰ"],
        ['m'] = ["ｍ", "ⅿ", "М", "Μ", "rn"],
        ['n'] = ["Ν", "ｎ", "ⁿ", "ո"],
        ['o'] = ["0", "о", "О", "ο", "Ο", "ｏ", "օ", "ₒ"],
        ['p'] = ["р", "Р", "Ρ", "ｐ"],
        ['r'] = ["ｒ", "г", "ᴦ", "ʳ"],
        ['s'] = ["ѕ", "Ѕ", "ſ", "ｓ", "ˢ"],
        ['t'] = ["Т", "Τ", "ｔ", "ᵗ"],
        ['u'] = ["ｕ", "υ", "ս", "ᵤ"],
        ['x'] = ["х", "Х", "Χ", "ｘ", "ⅹ"],
        ['y'] = ["у", "У", "Υ", "ｙ", "γ"],
        ['_'] = ["＿", "﹍", "ߺ"],
    };

    private static readonly string[] Unseen =
    [
        " ", "\u00a0", "\u2800", "\u200b", "\u200d", "\ufeff", "\u00ad", "\t", "\0", "\n", "\u2003", "\u3000", "\u202e",
        "\u3164", "\ufe0f", "\u180e", "\u2028", "\U000e0061", "\u0085",
    ];

    /// <summary>Every single change of a character, of the case, and at the edges.</summary>
    public static IEnumerable<string> All(string name)
    {
        yield return name.ToUpperInvariant();
        yield return char.ToUpperInvariant(name[0]) + name[1..];
        yield return string.Concat(name.Select(static c => c is >= '!' and <= '~' ? (char)(c + 0xFEE0) : c));
        foreach (var unseen in Unseen)
        {
            yield return unseen + name;
            yield return name + unseen;
            // A space within a name is seen.
            if (unseen != " ")
                yield return name[..3] + unseen + name[3..];
        }

        for (var at = 0; at < name.Length; at++)
        {
            foreach (var look in Looks.GetValueOrDefault(name[at], []))
                yield return name[..at] + look + name[(at + 1)..];
        }
    }

    /// <summary>Several changes at once, all of them read alike by a reader of one kind.</summary>
    public static string Random(string name, Random random)
    {
        var text = new StringBuilder();
        // An І is an i to some readers and an l to others; one reader takes it as one of them.
        var capitalIsL = random.Next(2) == 0;
        foreach (var c in name)
        {
            var looks = Looks.GetValueOrDefault(c, [])
                .Where(look => look is not ("І" or "Ι" or "Ӏ" or "Ⅰ") || capitalIsL == (c == 'l'))
                // The eye takes a long s for an f, and a reader that ignores case for an s.
                .Where(static look => look is not "ſ").ToArray();
            text.Append(random.Next(3) switch
            {
                0 when looks.Length > 0 => looks[random.Next(looks.Length)],
                1 when !capitalIsL || c != 'i' => char.ToUpperInvariant(c).ToString(),
                _ => c.ToString(),
            });
        }

        if (random.Next(5) == 0)
            text.Insert(random.Next(text.Length + 1), Unseen[random.Next(1, Unseen.Length)]);
        return text.ToString();
    }
}
