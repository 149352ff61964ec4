using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// Replaces <c>${NAME}</c> by the environment's value; a name that is not set is an error, never an empty string.
/// </summary>
internal static class EnvironmentReferences
{
    /// <summary>The references in it, each as it is written.</summary>
    public static IEnumerable<string> In(string text)
    {
        for (var at = 0; text.IndexOf("${", at, StringComparison.Ordinal) is var open and >= 0;)
        {
            if (text.IndexOf('}', open) is not (var close and >= 0))
                yield break;
            yield return text[open..(close + 1)];
            at = close + 1;
        }
    }

    public static bool TryExpand(
        string text,
        Func<string, string?> lookup,
        [NotNullWhen(true)] out string? expanded,
        [NotNullWhen(false)] out string? problem)
    {
        (expanded, problem) = (null, null);
        var result = new StringBuilder();
        for (var at = 0; ;)
        {
            var open = text.IndexOf("${", at, StringComparison.Ordinal);
            if (open < 0)
            {
                expanded = result.Append(text, at, text.Length - at).ToString();
                return true;
            }

            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                problem = "\"${\" is not closed; write ${NAME}";
                return false;
            }

            var name = text[(open + 2)..close];
            if (lookup(name) is not { } value)
            {
                problem = $"the environment has no variable {name}; set it, or write the value in place of ${{{name}}}";
                return false;
            }

            result.Append(text, at, open - at).Append(value);
            at = close + 1;
        }
    }
}
