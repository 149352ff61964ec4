namespace Gateway.Catalogue.Scanning;

/// <summary>Where in a definition something stands.</summary>
internal static class DefinitionPlace
{
    /// <summary>A member's name as a part of a JSON Pointer.</summary>
    public static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
