using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// The expansion of references in a string of the configuration. <c>${NAME}</c> is an environment variable,
/// <c>${NAME:-default}</c> is one with a default if it is unset or empty, <c>${file:/path}</c> is the content of a file
/// without its last line break, and <c>$${</c> is a literal <c>${</c>. A missing value is an error, never an empty
/// string.
/// </summary>
public static class EnvironmentReferences
{
    private const string Open = "${";
    private const string Default = ":-";
    private const string FilePrefix = "file:";

    /// <summary>Returns the references in a string, each as written.</summary>
    public static IEnumerable<string> In(string text)
    {
        foreach (var (part, isReference) in Parts(text))
        {
            if (isReference && part.EndsWith('}'))
                yield return part;
        }
    }

    /// <summary>Tries to expand all references; reports the first one that has no value.</summary>
    /// <param name="text">The string as written.</param>
    /// <param name="lookup">Returns an environment variable; null if it is not set.</param>
    /// <param name="readFile">Returns the text of a file, or throws <see cref="IOException"/>.</param>
    /// <param name="expanded">The string to use.</param>
    /// <param name="problem">The reason for failure.</param>
    public static bool TryExpand(
        string text,
        Func<string, string?> lookup,
        Func<string, string> readFile,
        [NotNullWhen(true)] out string? expanded,
        [NotNullWhen(false)] out string? problem)
    {
        (expanded, problem) = (null, null);
        var result = new StringBuilder();
        foreach (var (part, isReference) in Parts(text))
        {
            if (!isReference)
            {
                result.Append(part);
                continue;
            }

            if (!part.EndsWith('}'))
            {
                problem = "\"${\" is not closed; write ${NAME}, or $${ for a literal ${";
                return false;
            }

            var (value, why) = Value(part[Open.Length..^1], lookup, readFile);
            if (value is null)
            {
                problem = why!;
                return false;
            }

            result.Append(value);
        }

        expanded = result.ToString();
        return true;
    }

    private static IEnumerable<(string Part, bool IsReference)> Parts(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf(Open, at, StringComparison.Ordinal);
            if (open < 0)
            {
                yield return (text[at..], false);
                yield break;
            }

            if (open > at && text[open - 1] == '$')
            {
                yield return (text[at..(open - 1)] + Open, false);
                at = open + Open.Length;
                continue;
            }

            var close = text.IndexOf('}', open);
            var end = close < 0 ? text.Length : close + 1;
            yield return (text[at..open], false);
            yield return (text[open..end], true);
            at = end;
        }
    }

    private static (string? Value, string? Problem) Value(
        string reference, Func<string, string?> lookup, Func<string, string> readFile)
    {
        if (reference.StartsWith(FilePrefix, StringComparison.Ordinal))
            return FileText(reference[FilePrefix.Length..], readFile);
        var colon = reference.IndexOf(Default, StringComparison.Ordinal);
        var name = colon < 0 ? reference : reference[..colon];
        var value = lookup(name);
        if (colon >= 0)
            return (string.IsNullOrEmpty(value) ? reference[(colon + Default.Length)..] : value, null);
        return value is not null ? (value, null) : (null,
            $"the environment has no variable {name}; set it, write ${{{name}:-default}}, or write the value in place "
                + $"of ${{{name}}}");
    }

    private static (string? Value, string? Problem) FileText(string path, Func<string, string> readFile)
    {
        if (!Path.IsPathFullyQualified(path))
            return (null, $"\"${{file:{path}}}\" needs an absolute path, such as ${{file:/run/secrets/crm}}");
        try
        {
            var text = readFile(path);
            if (text.EndsWith('\n'))
                text = text[..^(text.EndsWith("\r\n", StringComparison.Ordinal) ? 2 : 1)];
            return text.Length > 0 ? (text, null) : (null, $"the file {path} is empty; write the secret into it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"the file {path} cannot be read: {e.Message}");
        }
    }
}
