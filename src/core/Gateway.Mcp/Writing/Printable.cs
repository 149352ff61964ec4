namespace Gateway.Mcp.Writing;

/// <summary>Makes untrusted text fit for a message: one line of bounded length.</summary>
public static class Printable
{
    private const int CharactersMax = 200;

    /// <summary>Returns the text without control characters, cut at a bound.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cut = text.Length > CharactersMax ? string.Concat(text.AsSpan(0, CharactersMax), "…") : text;
        return VisibleText.Of(cut);
    }
}
