namespace Gateway.Catalogue.Scanning;

/// <summary>Where in a definition something stands, and which letter.</summary>
internal static class DefinitionPlace
{
    /// <summary>A member's name as a part of a JSON Pointer.</summary>
    public static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>A letter that is written as wide as an ideograph, as the plain one that it is.</summary>
    public static char Narrow(char c) => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;
}
