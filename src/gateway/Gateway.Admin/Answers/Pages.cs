using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Answers;

/// <summary>Cuts lists into pages. A cursor is the last name of a page: what comes and goes shifts nothing.</summary>
internal static class Pages
{
    public const int LimitMax = 500;
    private const int LimitUsual = 100;

    public static int Limit(HttpRequest request) =>
        int.TryParse(request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit > 0
            ? Math.Min(limit, LimitMax)
            : LimitUsual;

    public static PageView<T> Cut<T>(HttpRequest request, IEnumerable<T> all, Func<T, string> nameOf)
    {
        var after = Cursor(request);
        var limit = Limit(request);
        var found = all
            .OrderBy(nameOf, StringComparer.Ordinal)
            .Where(item => after is null || string.CompareOrdinal(nameOf(item), after) > 0)
            .Take(limit + 1)
            .ToList();
        return found.Count <= limit
            ? new PageView<T>(found, null)
            : new PageView<T>(found[..limit], Encode(nameOf(found[limit - 1])));
    }

    /// <summary>Where the page before ended; null for the first.</summary>
    public static string? Cursor(HttpRequest request)
    {
        var text = (string?)request.Query["cursor"];
        return string.IsNullOrEmpty(text) || !Base64Url.IsValid(text)
            ? null
            : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
    }

    /// <summary>What a client sends for the page after this name.</summary>
    public static string Encode(string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));
}
