using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Arguments;
using Gateway.Audit.Reading;
using Gateway.Audit.Records;
using Gateway.Audit.Searching;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Policy.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Records;

/// <summary>
/// <c>/audit/search</c>, <c>/audit/facets</c>, <c>/audit/export</c> and <c>/calls</c>: finds records of several kinds
/// in this gateway's log, and shows one call with everything that is recorded about it.
/// </summary>
internal sealed class RecordSearchRoutes(
    AuditLogOptions options, AuditLog audit, RecordedArgumentsOptions arguments, IDataProtectionProvider protection,
    AccessLog access, IControlStore store, TimeProvider time)
    : IAdminRoutes, IDisposable
{
    private const int RunningMax = 2;
    private const int ExportsMax = 4;
    private const int ExportedAtOnce = 10_000;
    private const int FlushedAtOnce = 500;
    private static readonly TimeSpan PageBudget = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CountBudget = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan ValuesBudget = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan ValuesFresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CallBudget = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExportBudget = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _running = new(RunningMax);
    private readonly SemaphoreSlim _exporting = new(ExportsMax);
    private readonly RecordSearcher _searcher = new(options.Directory, time);
    private readonly ArgumentSearch _values = new(arguments.Directory, protection, time);
    private volatile ValuesFound? _lastValues;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/audit/search", FindAsync).Requires(Permissions.Read)
            .WithSummary("Searches this process's records of several kinds, the newest first. A search that takes "
                + "long returns the records that it has found, and \"next\" to continue.").Produces<RecordPageView>()
            .WithQuery([
                .. RecordFilter.Parameters, ("limit", "The maximum number of records."),
                ("cursor", "The \"next\" of the previous page.")]);
        api.MapGet("/audit/facets", CountAsync).Requires(Permissions.Read)
            .WithSummary("Counts this process's matching records by tool, server, grant, rule, outcome, operator and "
                + $"time. It counts at least the newest {RecordSearcher.CountedMax} matches, if they can be read in "
                + "time.")
            .Produces<RecordFacets>().WithQuery(RecordFilter.Parameters);
        api.MapGet("/audit/export", ExportAsync).Requires(Permissions.Read)
            .WithSummary("Streams all matching records of this process, the newest first.").Produces(200)
            .WithQuery([
                .. RecordFilter.Parameters, ("format", "jsonl, as in the log (the default), or csv.")]);
        api.MapGet("/calls/{name}", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows one call of this process, by its id or the id of its request for approval: the "
                + "decision, the request with its votes, and the result.").Produces<CallView>()
            .WithQuery(("at", "An instant near the call (RFC 3339): only the days around it are read."));
    }

    public void Dispose()
    {
        _running.Dispose();
        _exporting.Dispose();
    }

    /// <summary>The last result of a search over recorded values.</summary>
    /// <param name="Text">The search text.</param>
    /// <param name="Found">The result.</param>
    /// <param name="At">The monotonic timestamp of the search.</param>
    private sealed record ValuesFound(string Text, FoundArguments Found, long At);

    private Task<AdminResponse> FindAsync(AdminCall call) => RunAsync(call, filter =>
    {
        var found = _searcher.Find(
            filter, call.Wanted("cursor"), Pages.Limit(call.Request), PageBudget, call.Aborted);
        var items = found.Records.Select(static one => one.ToJson()).ToList();
        return AdminResponse.Ok(
            new RecordPageView(items, found.Next is { } next ? AuditReader.Cursor(next) : null, audit.Frontend)
            {
                Arguments = ArgumentsOf(call, items),
                Reached = found.ReachedMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(found.ReachedMs),
                ValuesReached = filter.Matches?.Reached ?? (filter.InValues.ReachedMs == 0
                    ? null
                    : DateTimeOffset.FromUnixTimeMilliseconds(filter.InValues.ReachedMs)),
                Others = store.IsShared,
            },
            RecordJson.Default.RecordPageView);
    });

    private Task<AdminResponse> CountAsync(AdminCall call) => RunAsync(call, filter => AdminResponse.Ok(
        _searcher.Count(filter, CountBudget, call.Aborted), RecordJson.Default.RecordFacets));

    private Task<AdminResponse> ShowAsync(AdminCall call) => RunAsync(call, _ =>
    {
        DateTimeOffset? around = DateTimeOffset.TryParse(
            call.Wanted("at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
        using var longest = new CancellationTokenSource(CallBudget, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(longest.Token, call.Aborted);
        List<JsonElement> records;
        try
        {
            records = [.. _searcher.Call(call.Name, around, end.Token).Select(static one => one.ToJson())];
        }
        catch (OperationCanceledException) when (!call.Aborted.IsCancellationRequested)
        {
            return Problems.Of(StatusCodes.Status504GatewayTimeout, "Timed out",
                $"The log was not read to its beginning within {CallBudget.TotalSeconds} s. Add \"at\", an instant "
                + "near the call.");
        }

        return records.Count == 0
            ? Problems.Of(StatusCodes.Status404NotFound, "Not found",
                $"The log of the gateway {audit.Frontend} has no call \"{Policy.Text.Spelling.Shorten(call.Name)}\". "
                + "Its record may have been deleted by age, or another gateway of the fleet has it.")
            : AdminResponse.Ok(
                new CallView(call.Name, records, audit.Frontend)
                {
                    ArgumentsKeptSeconds = (long)arguments.AgeMax.TotalSeconds,
                    Arguments = ArgumentsOf(call, records),
                    Others = store.IsShared,
                },
                RecordJson.Default.CallView);
    });

    /// <summary>Runs a search away from the request's thread; only a few run at a time.</summary>
    private async Task<AdminResponse> RunAsync(AdminCall call, Func<RecordFilter, AdminResponse> search)
    {
        if (RecordFilter.Read(call.Request.Query, out var problem) is not { } filter)
            return Problems.Unreadable(problem);
        if (RefuseWhere(call, filter.Conditions, filter.Server) is { } forbidden)
            return forbidden;
        if (!await _running.WaitAsync(Patience, call.Aborted))
            return Busy("Other requests are searching the log; try again when they are done.");

        try
        {
            return await Task.Run(() => search(WithValues(call, filter)), call.Aborted);
        }
        finally
        {
            _running.Release();
        }
    }

    private static AdminResponse Busy(string detail) =>
        Problems.Of(StatusCodes.Status429TooManyRequests, "Busy", detail);

    /// <summary>
    /// Refuses conditions on the values of a server that the caller may not read, because the matches would reveal
    /// values.
    /// </summary>
    public static AdminResponse? RefuseWhere(AdminCall call, ArgumentFilter? where, string? server) =>
        where is null || call.May(Permissions.ReadApprovals, server)
            ? null
            : Problems.Of(StatusCodes.Status403Forbidden, "Forbidden",
                "Your roles do not allow you to see arguments, so they do not allow \"where\" either. With a role for "
                + "one server, add \"server\".");

    /// <summary>
    /// Adds the calls whose recorded values contain the words, if the caller may read values, and the places of the
    /// values that conditions compare.
    /// </summary>
    private RecordFilter WithValues(AdminCall call, RecordFilter filter)
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
    private Dictionary<string, ArgumentsView>? ArgumentsOf(AdminCall call, IReadOnlyList<JsonElement> records)
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

    private static JsonElement? ArgumentsOf(JsonElement record, Dictionary<string, ArgumentsView>? known) =>
        known is null || record.Text("kind") is not ("decision" or "approval") ? null
            : (known.GetValueOrDefault(record.Text("callId") ?? "")
                ?? known.GetValueOrDefault(record.Text("approvalId") ?? ""))?.Values;

    private async Task<AdminResponse> ExportAsync(AdminCall call)
    {
        if (RecordFilter.Read(call.Request.Query, out var problem) is not { } filter)
            return Problems.Unreadable(problem);
        if (RefuseWhere(call, filter.Conditions, filter.Server) is { } forbidden)
            return forbidden;
        if (call.Wanted("format") is not (null or "jsonl" or "csv"))
            return Problems.Unreadable("\"format\" must be jsonl or csv.");
        var isCsv = call.Wanted("format") == "csv";
        await access.NoteExportAsync(call, "export-audit");
        if (!await _exporting.WaitAsync(TimeSpan.Zero, call.Aborted))
            return Busy("The maximum number of exports is running; try again when one is done.");
        return new AdminResponse(
            StatusCodes.Status200OK, ContentType: isCsv ? "text/csv; charset=utf-8" : "application/jsonl")
        {
            Stream = http => SendAsync(call, http, filter, isCsv),
        };
    }

    private void WriteRows(AdminCall call, PipeWriter body, FoundRecord[] records)
    {
        var items = Array.ConvertAll(records, static one => one.ToJson());
        var known = ArgumentsOf(call, items);
        foreach (var item in items)
            body.Write(RecordCsv.Row(item, ArgumentsOf(item, known)));
    }

    private async Task SendAsync(AdminCall call, HttpContext http, RecordFilter filter, bool isCsv)
    {
        try
        {
            // Reading and writing a long log must not block a thread of the connections.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            filter = WithValues(call, filter);
            var body = http.Response.BodyWriter;
            if (isCsv)
                body.Write(RecordCsv.Head);
            string? cursor = null;
            do
            {
                // A client that reads slowly must not hold a place of the searches.
                FoundRecords found;
                await _running.WaitAsync(http.RequestAborted);
                try
                {
                    found = _searcher.Find(filter, cursor, ExportedAtOnce, ExportBudget, http.RequestAborted);
                }
                finally
                {
                    _running.Release();
                }

                foreach (var records in found.Records.Chunk(FlushedAtOnce))
                {
                    if (isCsv)
                    {
                        WriteRows(call, body, records);
                    }
                    else
                    {
                        foreach (var record in records)
                            body.Write([.. record.Line, (byte)'\n']);
                    }

                    await body.FlushAsync(http.RequestAborted);
                }

                cursor = found.Next is { } next ? AuditReader.Cursor(next) : null;
            }
            while (cursor is not null);
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
        finally
        {
            _exporting.Release();
        }
    }

}
