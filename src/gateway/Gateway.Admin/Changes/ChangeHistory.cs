using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Changes;

/// <summary>
/// <c>/history</c>: changes at any gateway of the store. The audit log of each gateway has those made there, for as
/// long as the log is retained.
/// </summary>
internal sealed class ChangeHistory(HistoryStore history) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/history", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Lists changes at any gateway of this store, latest first, and the start of the "
                + "history.").Produces<HistoryPageView>()
            .WithQuery(
                ("object", "Only changes of this object, such as policies/NAME."),
                ("by", "Only changes by this operator."),
                ("action", "Only changes with this action, such as replace, revoke or reload."),
                ("raised", "true: only changes that raise or remove a maximum of a limit."),
                ("from", "Only from this instant on (RFC 3339)."), ("to", "Only before this instant (RFC 3339)."));
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        if (!TryFilter(call, out var isWanted))
            return Problems.Unreadable("\"from\" and \"to\" must be instants such as 2027-01-31T12:00:00Z.");
        var about = call.Wanted("object");
        var limit = Pages.Limit(call.Request);
        var found = new List<HistoryView>();
        await foreach (var view in history.FindAsync(about, Below(call), call.Aborted))
        {
            if (!isWanted(view))
                continue;
            found.Add(view);
            if (found.Count > limit)
                break;
        }

        var next = found.Count <= limit ? null : Pages.Encode(string.Create(
            CultureInfo.InvariantCulture,
            $"{HistoryStore.DayOf(found[limit - 1])}.{found[limit - 1].Version}"));
        var page = new HistoryPageView(
            [.. found.Take(limit).Select(view => view with { About = AboutOf(call.State, view) })], next,
            await history.BeginAsync(call.Aborted))
        {
            IsComplete = about is null ? null : await history.IsCompleteAsync(about, call.Aborted),
        };
        return AdminResponse.Ok(page, ChangeJson.Default.HistoryPageView);
    }

    /// <summary>Returns the subject or the tool that the stored document of a pause names; null for none.</summary>
    private static string? AboutOf(ControlState state, HistoryView view)
    {
        if (!view.Object.StartsWith($"{ControlKinds.Pauses}/", StringComparison.Ordinal))
            return null;
        var pause = view.After is { ValueKind: JsonValueKind.Object } after ? after : view.Before;
        if (Text("subject") is { } subject && Text("issuer") is { } issuer)
            return $"{subject} of {state.Config.Callers.Find(issuer)?.Name ?? issuer}";
        return Text("tool") is { } tool && Text("server") is { } server ? $"{tool} of {server}" : null;

        string? Text(string name) =>
            pause is { ValueKind: JsonValueKind.Object } document && document.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static bool TryFilter(AdminCall call, out Func<HistoryView, bool> isWanted)
    {
        var (by, action) = (call.Wanted("by"), call.Wanted("action"));
        var isOnlyRaised = call.Wanted("raised") == "true";
        DateTimeOffset from = default, to = default;
        var (since, until) = (call.Wanted("from"), call.Wanted("to"));
        isWanted = view => (by is null || view.By == by) && (action is null || view.Action == action)
            && (since is null || view.Time >= from) && (until is null || view.Time < to)
            && (!isOnlyRaised || ChangesOf(view).Any(DocumentChanges.Raises));
        return (since is null || WrittenTime.TryInstant(since, out from))
            && (until is null || WrittenTime.TryInstant(until, out to));
    }

    /// <summary>
    /// Returns a description of each change. A previous release stored only both documents, if they were short.
    /// </summary>
    private static IReadOnlyList<string> ChangesOf(HistoryView view) => view.Changes
        ?? (view.Before is { ValueKind: JsonValueKind.Object } before
            && view.After is { ValueKind: JsonValueKind.Object } after
            ? DocumentChanges.Between(
                Encoding.UTF8.GetBytes(before.GetRawText()), Encoding.UTF8.GetBytes(after.GetRawText()))
            : []);

    private static (long Day, long Version) Below(AdminCall call)
    {
        var parts = (Pages.Cursor(call.Request) ?? "").Split('.');
        return parts.Length == 2 && Number(parts[0], out var day) && Number(parts[1], out var version)
            ? (day, version)
            : (long.MaxValue, long.MaxValue);
    }

    private static bool Number(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>One page of the history.</summary>
/// <param name="Items">The changes, the latest first.</param>
/// <param name="Next">The <c>cursor</c> of the next page; absent on the last one.</param>
/// <param name="Since">The time since which the history is complete.</param>
internal sealed record HistoryPageView(IReadOnlyList<HistoryView> Items, string? Next, DateTimeOffset Since)
{
    /// <summary>
    /// True if the history has the object's creation and all its changes since then; absent if no object was specified.
    /// </summary>
    public bool? IsComplete { get; init; }
}
