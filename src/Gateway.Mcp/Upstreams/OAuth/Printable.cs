namespace Gateway.Mcp;

/// <summary>What somebody else wrote, fit for a message: one line of bounded length.</summary>
internal static class Printable
{
    private const int CharactersMax = 200;

    public static string Of(string text)
    {
        var cut = text.Length > CharactersMax ? string.Concat(text.AsSpan(0, CharactersMax), "…") : text;
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(static c => char.IsControl(c) ? '?' : c)) : cut;
    }
}
