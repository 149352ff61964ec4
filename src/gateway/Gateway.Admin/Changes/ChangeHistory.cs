using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Control.Documents;
using Gateway.Identity.Records;
using Gateway.Identity.Roles;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Text;

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
            Query =
            [
                ("object", "Only of this, as policies/NAME."), ("by", "Only of this operator."),
                ("action", "Only this action, such as replace, revoke or reload."),
                ("raised", "true: only changes that raise or remove a maximum of a limit."),
                ("from", "Only from this instant on (RFC 3339)."), ("to", "Only before this instant (RFC 3339)."),
            ],
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
        if (!TryFilter(call, out var isWanted))
            return Problems.Unreadable("\"from\" and \"to\" are instants such as 2027-01-31T12:00:00Z.");
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
                .Where(isWanted));
        }

        var next = found.Count <= limit ? null : Pages.Encode(
            found[limit - 1].Version.ToString(CultureInfo.InvariantCulture));
        return AdminResponse.Ok(
            new PageView<HistoryView>([.. found.Take(limit)], next), ChangeJson.Default.PageViewHistoryView);
    }

    private static bool TryFilter(AdminCall call, out Func<HistoryView, bool> isWanted)
    {
        var (what, by, action) = (call.Wanted("object"), call.Wanted("by"), call.Wanted("action"));
        var isOnlyRaised = call.Wanted("raised") == "true";
        DateTimeOffset from = default, to = default;
        var (since, until) = (call.Wanted("from"), call.Wanted("to"));
        isWanted = view => (by is null || view.By == by) && (action is null || view.Action == action)
            && (what is null || view.Object == what || view.Objects?.Contains(what) == true)
            && (since is null || view.Time >= from) && (until is null || view.Time < to)
            && (!isOnlyRaised || ChangesOf(view).Any(DocumentChanges.Raises));
        return (since is null || WrittenTime.TryInstant(since, out from))
            && (until is null || WrittenTime.TryInstant(until, out to));
    }

    /// <summary>Each change in words. A previous release kept only both documents, if they were short.</summary>
    private static IReadOnlyList<string> ChangesOf(HistoryView view) => view.Changes
        ?? (view.Before is { ValueKind: JsonValueKind.Object } before
            && view.After is { ValueKind: JsonValueKind.Object } after
            ? DocumentChanges.Between(
                Encoding.UTF8.GetBytes(before.GetRawText()), Encoding.UTF8.GetBytes(after.GetRawText()))
            : []);

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
