using System.Text.Json.Nodes;
using Gateway.Admin.Answers;
using Gateway.Audit.Reading;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary>The newest audit records that match, and the number of further matches.</summary>
/// <param name="client">The gateway.</param>
/// <param name="filter">The query parameters of the filters, each with its <c>&amp;</c>.</param>
internal sealed class AuditSearch(AdminClient client, string filter)
{
    private string _next = "";

    /// <summary>The records; the newest is last.</summary>
    public List<JsonObject> Records { get; } = [];

    public long Matched { get; private set; }

    /// <summary>True if <see cref="Matched"/> covers all records.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>The frontend that the records are from.</summary>
    public string? Frontend { get; private set; }

    /// <summary>The sink with the shared records of all gateways; null if the records are from one frontend.</summary>
    public string? Shared { get; private set; }

    /// <summary>
    /// The time back to which recorded arguments were searched; null if no condition names one.
    /// </summary>
    public DateTimeOffset? ValuesReached { get; private set; }

    /// <summary>True if other frontends have their own records, which are not included.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>True if <see cref="Records"/> does not contain all matches.</summary>
    public bool IsCut => Matched > Records.Count || !IsCounted;

    /// <param name="count">The maximum number of records.</param>
    /// <param name="countingMax">The maximum time for counting further matches.</param>
    /// <param name="cancellation">Ends the requests.</param>
    public async Task FindAsync(int count, TimeSpan countingMax, CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var before = "";
        do
        {
            var wanted = Math.Min(count - Records.Count, Pages.LimitMax);
            var page = await PageAsync($"audit?tail={wanted}&before={before}{filter}", cancellation);
            var items = Items(page);
            // A gateway of an earlier release neither counts nor continues from a cursor.
            Matched += Math.Max(page.Matched, items.Count);
            Records.InsertRange(0, items);
            if (before.Length == 0)
                _next = page.Next;
            Shared = page.Shared;
            ValuesReached = page.ValuesReached;
            (Frontend, HasOthers) = (page.Frontend, Shared is null && page.Others);
            before = page.Earlier ?? "";
            IsCounted = before.Length == 0;
        }
        while (!IsCounted && (Records.Count < count
            || TimeProvider.System.GetElapsedTime(begun) < countingMax));
    }

    /// <summary>Returns the records since the last request.</summary>
    public async Task<IReadOnlyList<JsonObject>> NextAsync(CancellationToken cancellation)
    {
        var page = await PageAsync($"audit?cursor={_next}{filter}", cancellation);
        _next = page.Next;
        return Items(page);
    }

    private async Task<AuditPage> PageAsync(string path, CancellationToken cancellation)
    {
        var page = (await client.GetAsync(path, ClientJson.Default.AuditPage, cancellation)).Value;
        // A gateway of an earlier release would return records that do not meet the conditions.
        return page.ValuesReached is null && filter.Contains("&where=", StringComparison.Ordinal)
            ? throw new AdminProblemException(400, "This gateway does not support --where. Update the gateway first.")
            : page;
    }

    private static List<JsonObject> Items(AuditPage page) =>
        [.. page.Items.Select(static item => JsonObject.Create(item)).OfType<JsonObject>()];
}
