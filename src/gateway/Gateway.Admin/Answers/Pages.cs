using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Answers;

/// <summary>
/// The paging of lists. A cursor is the name at which a page ended, so items that are added or removed do not shift the
/// next page.
/// </summary>
internal static class Pages
{
    public const int LimitMax = 500;
    private const int LimitUsual = 100;
    private const int TextLengthMax = 200;

    /// <summary>The description of the parameter <c>limit</c>.</summary>
    public static string LimitMeaning { get; } =
        $"The maximum number of items, up to {LimitMax}; {LimitUsual} if omitted.";

    /// <summary>The description of the parameter <c>cursor</c>.</summary>
    public const string CursorMeaning = "The value of \"next\" in the previous page.";

    public static int Limit(HttpRequest request) =>
        int.TryParse(request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit > 0
            ? Math.Min(limit, LimitMax)
            : LimitUsual;

    public static PageView<T> Cut<T>(HttpRequest request, IEnumerable<T> all, Func<T, string> nameOf) =>
        Cut(request, all, nameOf, isDown: false);

    /// <summary>Returns the descriptions of <c>q</c> and <c>sort</c> of a list, for the OpenAPI document.</summary>
    public static IEnumerable<(string Name, string Meaning)> Query<T>(Listing<T> listing) =>
    [
        ("q", "Only items that contain each of these words, ignoring case."),
        ("sort", $"name, {string.Join(", ", listing.Sorts.Keys)}; a leading - reverses the order."),
    ];

    /// <summary>
    /// Returns the requested page of the items that match the search; null, with a problem, if the query is invalid.
    /// </summary>
    public static PageView<T>? Find<T>(
        HttpRequest request, IEnumerable<T> all, Listing<T> listing, out AdminResponse? problem)
    {
        problem = null;
        var (text, sort) = ((string?)request.Query["q"] ?? "", (string?)request.Query["sort"] ?? "");
        var isDown = sort.StartsWith('-');
        sort = sort.TrimStart('-');
        Func<T, string>? key = null;
        if (text.Length > TextLengthMax)
            problem = Problems.Unreadable($"\"q\" may have at most {TextLengthMax} characters.");
        else if (sort is not ("" or "name") && !listing.Sorts.TryGetValue(sort, out key))
            problem = Problems.Unreadable($"\"sort\" must be one of name, {string.Join(", ", listing.Sorts.Keys)}.");
        if (problem is not null)
            return null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Cut(
            request, words.Length == 0 ? all : all.Where(item => listing.Has(item, words)),
            key is null ? listing.NameOf : item => $"{key(item)}/{listing.NameOf(item)}", isDown);
    }

    private static PageView<T> Cut<T>(HttpRequest request, IEnumerable<T> all, Func<T, string> keyOf, bool isDown)
    {
        var after = Cursor(request);
        var limit = Limit(request);
        // A bounded heap keeps the first items only, so a long list is not sorted as a whole. It keeps one more than
        // the page, which shows that another page follows.
        var order = Comparer<string>.Create((one, other) => string.CompareOrdinal(one, other) * (isDown ? -1 : 1));
        var page = new PriorityQueue<(string Key, T Item), string>(
            Comparer<string>.Create((one, other) => order.Compare(other, one)));
        var total = 0;
        foreach (var item in all)
        {
            total++;
            var key = keyOf(item);
            if (after is not null && order.Compare(key, after) <= 0)
                continue;
            if (page.Count <= limit)
                page.Enqueue((key, item), key);
            else
                page.EnqueueDequeue((key, item), key);
        }

        var found = page.UnorderedItems.Select(static one => one.Element).ToList();
        found.Sort((one, other) => order.Compare(one.Key, other.Key));
        return new PageView<T>(
            [.. found.Take(limit).Select(static one => one.Item)],
            found.Count <= limit ? null : Encode(found[limit - 1].Key))
        {
            Total = total,
        };
    }

    /// <summary>Returns the name at which the previous page ended; null for the first page.</summary>
    public static string? Cursor(HttpRequest request)
    {
        var text = (string?)request.Query["cursor"];
        return string.IsNullOrEmpty(text) || !Base64Url.IsValid(text)
            ? null
            : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
    }

    /// <summary>Returns the cursor that a client sends for the page after this name.</summary>
    public static string Encode(string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));
}
