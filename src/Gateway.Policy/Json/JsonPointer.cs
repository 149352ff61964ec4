namespace Gateway.Policy.Json;

/// <summary>JSON Pointers as of RFC 6901: <c>~</c> and <c>/</c> of a name are escaped.</summary>
internal static class JsonPointer
{
    public const string Root = "";

    public static string Append(string pointer, string name) =>
        name.AsSpan().ContainsAny('~', '/') ? $"{pointer}/{Escape(name)}" : $"{pointer}/{name}";

    public static string Append(string pointer, int index) => $"{pointer}/{index}";

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
