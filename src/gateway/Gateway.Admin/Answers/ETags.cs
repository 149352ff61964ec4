using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Gateway.Admin.Answers;

/// <summary>Versions as strong entity tags (RFC 9110, 8.8.3).</summary>
internal static class ETags
{
    public const string Any = "*";

    public static string Of(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>
    /// Returns true if one of the tags of an <c>If-Match</c> is this version; <c>*</c> matches every version.
    /// </summary>
    public static bool Match(StringValues ifMatch, long version)
    {
        var mine = Of(version);
        foreach (var header in ifMatch)
        {
            foreach (var tag in (header ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (tag == Any || tag == mine)
                    return true;
            }
        }

        return false;
    }
}
