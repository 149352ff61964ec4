using System.Text.RegularExpressions;

namespace Gateway.Control.ConfigFile;

/// <summary>The rule for names of servers, policies and grants.</summary>
public static partial class EntityName
{
    /// <summary>The rule as text, for messages.</summary>
    public const string Rule = "a name has 1 to 64 characters from A-Z a-z 0-9 . _ - and starts with a letter or digit";

    /// <summary>Returns true if a name follows the rule.</summary>
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Pattern();
}
