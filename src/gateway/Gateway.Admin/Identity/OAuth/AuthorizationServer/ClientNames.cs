using System.Globalization;
using System.Text;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Client names, made safe for display. They are unverified.</summary>
internal static class ClientNames
{
    public const string None = "a client without a name";

    private const int RunesMax = 80;

    /// <summary>Returns one line of visible characters: nothing that reverses, hides, or breaks text.</summary>
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
