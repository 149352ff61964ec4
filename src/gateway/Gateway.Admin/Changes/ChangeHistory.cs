using System.Globalization;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Control.Documents;
using Gateway.Identity.Records;
using Gateway.Identity.Roles;

namespace Gateway.Admin.Changes;

/// <summary>
/// The latest changes, in the archive that all gateways share, by the store's revision that each made; the audit log of
/// each gateway has those made there, for as long as it is kept.
/// </summary>
internal sealed class ChangeHistory(IControlStore store)
{
    private const int ReadAtOnce = 100;

    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/history", Permissions.Read,
            "Shows who changed what, the latest first, at any gateway of this store.", ShowAsync)
        {
            Gives = () => ChangeJson.Default.PageViewHistoryView,
            Query = [("object", "Only of this, as policies/NAME."), ("by", "Only of this operator.")],
        },
    ];

    /// <summary>Those of these changes that are known, by the version that each made.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<Dictionary<long, HistoryView>> FindAsync(
        IReadOnlyList<long> versions, CancellationToken cancellationToken) =>
        (await store.Archive.ReadAsync(ChangeWriter.Shelf, versions, cancellationToken))
            .Select(static one => (one.Key, View: Parse(one.Value)))
            .Where(static one => one.View is not null)
            .ToDictionary(static one => one.Key, static one => one.View!);

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        var (what, by) = (call.Wanted("object"), call.Wanted("by"));
        var below = long.TryParse(
            Pages.Cursor(call.Request), NumberStyles.None, CultureInfo.InvariantCulture, out var cursor)
            ? cursor : long.MaxValue;
        var limit = Pages.Limit(call.Request);
        var numbers = (await store.Archive.ListAsync(ChangeWriter.Shelf, call.Aborted))
            .Select(static entry => entry.Number).Where(number => number < below);
        var found = new List<HistoryView>();
        foreach (var some in numbers.Chunk(ReadAtOnce).TakeWhile(_ => found.Count <= limit))
        {
            var views = await FindAsync(some, call.Aborted);
            found.AddRange(some.Select(number => views.GetValueOrDefault(number)).OfType<HistoryView>()
                .Where(view => (by is null || view.By == by)
                    && (what is null || view.Object == what || view.Objects?.Contains(what) == true)));
        }

        var next = found.Count <= limit ? null : Pages.Encode(
            found[limit - 1].Version.ToString(CultureInfo.InvariantCulture));
        return AdminResponse.Ok(
            new PageView<HistoryView>([.. found.Take(limit)], next), ChangeJson.Default.PageViewHistoryView);
    }

    private static HistoryView? Parse(byte[] kept)
    {
        try
        {
            return JsonSerializer.Deserialize(kept, ChangeJson.Default.HistoryView);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
