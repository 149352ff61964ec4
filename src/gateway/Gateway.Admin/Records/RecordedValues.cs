using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Arguments;
using Gateway.Audit.Records;
using Gateway.Audit.Searching;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Admin.Records;

/// <summary>The recorded values of arguments, for searches by callers who may read them.</summary>
internal sealed class RecordedValues(
    RecordedArgumentsOptions arguments, IDataProtectionProvider protection, TimeProvider time)
{
    private static readonly TimeSpan ValuesBudget = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan ValuesFresh = TimeSpan.FromSeconds(10);
    private readonly ArgumentSearch _values = new(arguments.Directory, protection, time);
    private volatile ValuesFound? _lastValues;

    /// <summary>The time for which this gateway keeps values.</summary>
    public TimeSpan AgeMax => arguments.AgeMax;

    /// <summary>
    /// Adds the calls whose recorded values contain the words, if the caller may read values, and the places of the
    /// values that conditions compare.
    /// </summary>
    public RecordFilter With(AdminCall call, RecordFilter filter)
    {
        if (filter.Conditions is { } where)
        {
            filter = filter with
            {
                Matches = new ArgumentMatches(
                    where, arguments.Directory, protection, arguments.OldestMs(time), call.Aborted),
            };
        }

        if (filter.Words.Count == 0 || !call.May(Permissions.ReadApprovals, null))
            return filter;
        var text = string.Join(' ', filter.Words);
        // The pages and counts of one search use one result.
        if (_lastValues is { } last && last.Text == text && time.GetElapsedTime(last.At) < ValuesFresh)
            return filter with { InValues = last.Found };
        var found = _values.Find(filter.Words, arguments.OldestMs(time), ValuesBudget, call.Aborted);
        _lastValues = new ValuesFound(text, found, time.GetTimestamp());
        return filter with { InValues = found };
    }

    /// <summary>
    /// Returns the recorded values of calls and of decided requests for approval, by id, of the servers whose requests
    /// the caller may read.
    /// </summary>
    public Dictionary<string, ArgumentsView>? Of(AdminCall call, IReadOnlyList<JsonElement> records)
    {
        var readable = records.Where(record => record.Text("kind") is "decision" or "approval"
            && call.May(Permissions.ReadApprovals, record.Text("server"))).ToList();
        if (readable.Count == 0)
            return null;
        var ids = readable.SelectMany(record => new[] { record.Text("callId"), record.Text("approvalId") })
            .OfType<string>();
        var since = readable.Min(static record =>
            record.TryGetProperty("time", out var text) && text.TryGetDateTimeOffset(out var at)
                ? at.ToUnixTimeMilliseconds() : 0);
        var found = new ArgumentLookup(arguments.Directory, protection, arguments.OldestMs(time))
            .Find(ids, since, call.Aborted);
        return found.Count == 0 ? null : found.ToDictionary(
            static one => one.Key, static one => ArgumentsView.Of(one.Value), StringComparer.Ordinal);
    }

    public static JsonElement? Of(JsonElement record, Dictionary<string, ArgumentsView>? known) =>
        known is null || record.Text("kind") is not ("decision" or "approval") ? null
            : (known.GetValueOrDefault(record.Text("callId") ?? "")
                ?? known.GetValueOrDefault(record.Text("approvalId") ?? ""))?.Values;

    /// <summary>The last result of a search over recorded values.</summary>
    /// <param name="Text">The search text.</param>
    /// <param name="Found">The result.</param>
    /// <param name="At">The monotonic timestamp of the search.</param>
    private sealed record ValuesFound(string Text, FoundArguments Found, long At);
}
