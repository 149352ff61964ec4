using System.Buffers;

namespace Gateway.Policy.Json;

/// <summary>JSON Pointers as of RFC 6901: <c>~</c> and <c>/</c> of a name are escaped.</summary>
public static class JsonPointer
{
    public const string Root = "";
    private static readonly SearchValues<char> NotPlain = SearchValues.Create(".[]\"");

    public static string Append(string pointer, string name) =>
        name.AsSpan().ContainsAny('~', '/') ? $"{pointer}/{Escape(name)}" : $"{pointer}/{name}";

    public static string Append(string pointer, int index) => $"{pointer}/{index}";

    public static string Of(ReadOnlySpan<string> path)
    {
        var pointer = Root;
        foreach (var step in path)
            pointer = Append(pointer, step);
        return pointer;
    }

    public static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    /// <summary>Whether a name can stand behind a dot in a path.</summary>
    public static bool IsPlain(string name) => name.Length > 0 && name.AsSpan().IndexOfAny(NotPlain) < 0;

    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
