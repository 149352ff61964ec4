using System.Text.RegularExpressions;

namespace Gateway.Policy.Text;

/// <summary>The rule for the names of servers, policies, grants and counters.</summary>
internal static partial class PolicyNames
{
    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit";

    /// <summary>Returns true for a valid name.</summary>
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
