using System.Buffers;

namespace Gateway.Policy.Json;

/// <summary>JSON Pointers (RFC 6901): <c>~</c> and <c>/</c> in a name are escaped.</summary>
public static class JsonPointer
{
    /// <summary>The pointer to the whole document.</summary>
    public const string Root = "";
    private static readonly SearchValues<char> NotPlain = SearchValues.Create(".[]\"");

    /// <summary>Returns the pointer to a member of the object at <paramref name="pointer"/>.</summary>
    public static string Append(string pointer, string name) =>
        name.AsSpan().ContainsAny('~', '/') ? $"{pointer}/{Escape(name)}" : $"{pointer}/{name}";

    /// <summary>
    /// Returns the pointer to an element, counted from 0, of the array at <paramref name="pointer"/>.
    /// </summary>
    public static string Append(string pointer, int index) => $"{pointer}/{index}";

    /// <summary>Returns the pointer that consists of these names.</summary>
    public static string Of(ReadOnlySpan<string> path)
    {
        var pointer = Root;
        foreach (var step in path)
            pointer = Append(pointer, step);
        return pointer;
    }

    /// <summary>Returns the name that a step of a pointer stands for.</summary>
    public static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    /// <summary>Returns true if a name can follow a dot in a path.</summary>
    public static bool IsPlain(string name) => name.Length > 0 && name.AsSpan().IndexOfAny(NotPlain) < 0;

    /// <summary>Returns a name as a step of a pointer.</summary>
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
