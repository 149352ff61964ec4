using System.Buffers;

namespace Gateway.Policy.Json;

/// <summary>JSON Pointers as of RFC 6901: <c>~</c> and <c>/</c> of a name are escaped.</summary>
public static class JsonPointer
{
    /// <summary>The pointer to the whole document.</summary>
    public const string Root = "";
    private static readonly SearchValues<char> NotPlain = SearchValues.Create(".[]\"");

    /// <summary>The pointer to a member of the object that <paramref name="pointer"/> names.</summary>
    public static string Append(string pointer, string name) =>
        name.AsSpan().ContainsAny('~', '/') ? $"{pointer}/{Escape(name)}" : $"{pointer}/{name}";

    /// <summary>
    /// The pointer to an element, counted from 0, of the array that <paramref name="pointer"/> names.
    /// </summary>
    public static string Append(string pointer, int index) => $"{pointer}/{index}";

    /// <summary>The pointer to what is found by one name after the other.</summary>
    public static string Of(ReadOnlySpan<string> path)
    {
        var pointer = Root;
        foreach (var step in path)
            pointer = Append(pointer, step);
        return pointer;
    }

    /// <summary>The name that a step of a pointer stands for.</summary>
    public static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    /// <summary>Whether a name can stand behind a dot in a path.</summary>
    public static bool IsPlain(string name) => name.Length > 0 && name.AsSpan().IndexOfAny(NotPlain) < 0;

    /// <summary>A name as a step of a pointer.</summary>
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
