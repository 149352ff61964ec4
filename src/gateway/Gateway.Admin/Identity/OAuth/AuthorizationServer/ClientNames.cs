using System.Globalization;
using System.Text;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>What a client calls itself, fit to be shown: nobody has checked it.</summary>
internal static class ClientNames
{
    public const string None = "a client without a name";

    private const int RunesMax = 80;

    /// <summary>One line of letters and signs: nothing that turns text round, hides, or breaks it.</summary>
    public static string Clean(string? name)
    {
        var clean = new StringBuilder();
        var count = 0;
        foreach (var rune in (name ?? "").EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator)
            {
                continue;
            }

            if (++count > RunesMax)
                break;
            clean.Append(category == UnicodeCategory.SpaceSeparator ? " " : rune.ToString());
        }

        return clean.ToString().Trim() is { Length: > 0 } text ? text : None;
    }
}
