using System.Text.Json.Nodes;
using Gateway.Audit.Reading;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary>The newest audit records that match, and how many more do.</summary>
/// <param name="client">The gateway.</param>
/// <param name="filter">Which match, as the API takes it, each with its <c>&amp;</c> before it.</param>
internal sealed class AuditSearch(AdminClient client, string filter)
{
    private const int PageMax = 500;

    private string _next = "";

    /// <summary>Newest last.</summary>
    public List<JsonObject> Records { get; } = [];

    public long Matched { get; private set; }

    /// <summary>Whether <see cref="Matched"/> is of the whole record.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>Whose record it is.</summary>
    public string? Frontend { get; private set; }

    /// <summary>The sink whose records of all gateways these are; null where they are of one.</summary>
    public string? Shared { get; private set; }

    /// <summary>Whether other frontends have records of their own, which are not in it.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>Whether not all that matches is among <see cref="Records"/>.</summary>
    public bool IsCut => Matched > Records.Count || !IsCounted;

    /// <param name="count">How many.</param>
    /// <param name="countingMax">How long the others are counted; then it is said that there are more.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task FindAsync(int count, TimeSpan countingMax, CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var before = "";
        do
        {
            var wanted = Math.Min(count - Records.Count, PageMax);
            var page = await PageAsync($"audit?tail={wanted}&before={before}{filter}", cancellation);
            var items = Items(page);
            // One of an earlier release neither counts nor goes on.
            Matched += Math.Max(page.Matched, items.Count);
            Records.InsertRange(0, items);
            if (before.Length == 0)
                _next = page.Next;
            Shared = page.Shared;
            (Frontend, HasOthers) = (page.Frontend, Shared is null && page.Others);
            before = page.Earlier ?? "";
            IsCounted = before.Length == 0;
        }
        while (!IsCounted && (Records.Count < count
            || TimeProvider.System.GetElapsedTime(begun) < countingMax));
    }

    /// <summary>What was recorded since.</summary>
    public async Task<IReadOnlyList<JsonObject>> NextAsync(CancellationToken cancellation)
    {
        var page = await PageAsync($"audit?cursor={_next}{filter}", cancellation);
        _next = page.Next;
        return Items(page);
    }

    private async Task<AuditPage> PageAsync(string path, CancellationToken cancellation) =>
        (await client.GetAsync(path, ClientJson.Default.AuditPage, cancellation)).Value;

    private static List<JsonObject> Items(AuditPage page) =>
        [.. page.Items.Select(static item => JsonObject.Create(item)).OfType<JsonObject>()];
}
