using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Reading;
using Gateway.Audit.Searching;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Policy.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Records;

/// <summary>
/// <c>/audit/search</c>, <c>/audit/facets</c>, <c>/audit/export</c> and <c>/calls</c>: finds records of several kinds
/// in this gateway's log, or in the table to which all gateways ship theirs, and shows one call with everything that is
/// recorded about it.
/// </summary>
internal sealed class RecordSearchRoutes(
    AuditLogOptions options, AuditLog audit, RecordedValues values, AccessLog access, IControlStore store,
    TimeProvider time, ISharedRecords? shared = null)
    : IAdminRoutes, IDisposable
{
    private const int RunningMax = 2;
    private static readonly (string, string) Of = ("of",
        "\"shared\" searches the records of all gateways, in the table that they ship records to. If omitted, only "
        + "this gateway's log is searched.");
    private const int ExportsMax = 4;
    private const int ExportedAtOnce = 10_000;
    private const int FlushedAtOnce = 500;
    private static readonly TimeSpan PageBudget = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CountBudget = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan SharedPageBudget = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SharedCountBudget = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CallBudget = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExportBudget = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _running = new(RunningMax);
    private readonly SemaphoreSlim _exporting = new(ExportsMax);
    private readonly RecordSearcher _searcher = new(options.Directory, time);
    private readonly SharedSearcher? _shared = shared is null ? null : new(shared, time);
    private readonly SemaphoreSlim _runningShared = new(RunningMax);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/audit/search", FindAsync).Requires(Permissions.Read)
            .WithSummary("Searches records of several kinds, the newest first. A search that takes "
                + "long returns the records that it has found, and \"next\" to continue.").Produces<RecordPageView>()
            .WithQuery([
                .. RecordFilter.Parameters, ("limit", "The maximum number of records."),
                ("cursor", "The value of \"next\" in the previous page."), Of]);
        api.MapGet("/audit/facets", CountAsync).Requires(Permissions.Read)
            .WithSummary("Counts matching records by tool, server, grant, rule, outcome, operator and "
                + $"time. It counts at least the newest {RecordSearcher.CountedMax} matches, if they can be read in "
                + "time.")
            .Produces<RecordFacets>().WithQuery([.. RecordFilter.Parameters, Of]);
        api.MapGet("/audit/export", ExportAsync).Requires(Permissions.Read)
            .WithSummary("Streams all matching records, the newest first.").Produces(200)
            .WithQuery([
                .. RecordFilter.Parameters, ("format", "jsonl, as in the log (the default), or csv."),
                ("values", "true: with jsonl, add the recorded arguments that the caller may read, as "
                    + "\"recordedArguments\"; csv has them."), Of]);
        api.MapGet("/calls/{name}", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows one call, by its id or the id of its request for approval: the "
                + "decision, the request with its votes, and the result.").Produces<CallView>()
            .WithQuery(("at", "An instant near the time of the call (RFC 3339): only the days around it are "
                + "read."), Of);
    }

    public void Dispose()
    {
        _running.Dispose();
        _runningShared.Dispose();
        _exporting.Dispose();
    }

    private Task<AdminResponse> FindAsync(AdminCall call) => RunAsync(call, async filter =>
    {
        var found = await PageAsync(
            call, filter, call.Wanted("cursor"), Pages.Limit(call.Request),
            IsShared(call) ? SharedPageBudget : PageBudget);
        var items = found.Records.Select(static one => one.ToJson()).ToList();
        return AdminResponse.Ok(
            new RecordPageView(items, found.Next, audit.Frontend)
            {
                Arguments = values.Of(call, items),
                Reached = found.ReachedMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(found.ReachedMs),
                ValuesReached = filter.Matches?.Reached ?? (filter.InValues.ReachedMs == 0
                    ? null
                    : DateTimeOffset.FromUnixTimeMilliseconds(filter.InValues.ReachedMs)),
                Others = store.IsShared,
                Shared = shared?.Name,
            },
            RecordJson.Default.RecordPageView);
    });

    private Task<AdminResponse> CountAsync(AdminCall call) => RunAsync(call, async filter => AdminResponse.Ok(
        IsShared(call)
            ? await _shared!.CountAsync(filter, SharedCountBudget, call.Aborted)
            : _searcher.Count(filter, CountBudget, call.Aborted),
        RecordJson.Default.RecordFacets));

    private Task<AdminResponse> ShowAsync(AdminCall call) => RunAsync(call, async _ =>
    {
        DateTimeOffset? around = DateTimeOffset.TryParse(
            call.Wanted("at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
        using var longest = new CancellationTokenSource(CallBudget, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(longest.Token, call.Aborted);
        List<JsonElement> records;
        try
        {
            var found = IsShared(call)
                ? await _shared!.CallAsync(call.Name, around, end.Token)
                : _searcher.Call(call.Name, around, end.Token);
            records = [.. found.Select(static one => one.ToJson())];
        }
        catch (OperationCanceledException) when (!call.Aborted.IsCancellationRequested)
        {
            return Problems.Of(StatusCodes.Status504GatewayTimeout, "Timed out",
                $"Not all records could be read within {CallBudget.TotalSeconds} s. Add \"at\", an instant near the "
                    + "time of the call.");
        }

        return records.Count == 0
            ? Missing(call)
            : AdminResponse.Ok(
                new CallView(call.Name, records, audit.Frontend)
                {
                    ArgumentsKeptSeconds = (long)values.AgeMax.TotalSeconds,
                    Arguments = values.Of(call, records),
                    Others = store.IsShared,
                    Shared = shared?.Name,
                },
                RecordJson.Default.CallView);
    });

    private AdminResponse Missing(AdminCall call)
    {
        var id = Policy.Text.Spelling.Shorten(call.Name);
        return Problems.Of(StatusCodes.Status404NotFound, "Not found", IsShared(call)
            ? $"{shared!.Name} has no call \"{id}\". Its record may have been deleted by age, or did not arrive yet."
            : $"The log of the gateway {audit.Frontend} has no call \"{id}\". "
                + "Its record may have been deleted by age, or another gateway of the fleet has it.");
    }

    private static bool IsShared(AdminCall call) => call.Wanted("of") is { Length: > 0 };

    private Task<FoundRecords> PageAsync(
        AdminCall call, RecordFilter filter, string? cursor, int limit, TimeSpan budget) => IsShared(call)
        ? _shared!.FindAsync(filter, cursor, limit, budget, call.Aborted)
        : Task.FromResult(_searcher.Find(filter, cursor, limit, budget, call.Aborted));

    /// <summary>Parses the filter of a request; returns the response to a request that is refused instead.</summary>
    private AdminResponse? Read(AdminCall call, out RecordFilter filter)
    {
        filter = RecordFilter.Read(call.Request.Query, out var problem)!;
        if (filter is null)
            return Problems.Unreadable(problem);
        if (SharedAnswers.Refusal(call.Wanted("of"), shared) is { } refusal)
            return refusal;
        if (IsShared(call) && filter.Conditions is not null)
            return SharedAnswers.NoValues;
        return RefuseWhere(call, filter.Conditions, filter.Server);
    }

    /// <summary>Runs a search away from the request's thread; only a few run at a time.</summary>
    private async Task<AdminResponse> RunAsync(AdminCall call, Func<RecordFilter, Task<AdminResponse>> search)
    {
        if (Read(call, out var filter) is { } refusal)
            return refusal;
        var running = Running(call);
        if (!await running.WaitAsync(Patience, call.Aborted))
            return Busy("Other requests are searching the log; try again when they are done.");

        try
        {
            return await Task.Run(() => search(values.With(call, filter)), call.Aborted);
        }
        catch (IOException e) when (IsShared(call))
        {
            return SharedAnswers.Lost(shared!, e);
        }
        finally
        {
            running.Release();
        }
    }

    private SemaphoreSlim Running(AdminCall call) => IsShared(call) ? _runningShared : _running;

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
                "Your roles do not allow you to see arguments, so they do not allow \"where\" either. If you have a "
                    + "role for one server, add \"server\".");

    private async Task<AdminResponse> ExportAsync(AdminCall call)
    {
        if (Read(call, out var filter) is { } refusal)
            return refusal;
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

    private void Write(AdminCall call, PipeWriter body, FoundRecord[] records, bool isCsv)
    {
        var items = Array.ConvertAll(records, static one => one.ToJson());
        var known = values.Of(call, items);
        foreach (var (record, item) in records.Zip(items))
        {
            var arguments = RecordedValues.Of(item, known);
            if (isCsv)
                body.Write(RecordCsv.Row(item, arguments));
            else if (arguments is { } given)
                body.Write([.. record.Line.AsSpan()[..^1], .. Values(given), (byte)'}', (byte)'\n']);
            else
                body.Write([.. record.Line, (byte)'\n']);
        }
    }

    private static byte[] Values(JsonElement given) =>
        [.. ",\"recordedArguments\":"u8, .. Encoding.UTF8.GetBytes(given.GetRawText())];

    private async Task SendAsync(AdminCall call, HttpContext http, RecordFilter filter, bool isCsv)
    {
        try
        {
            // Reading and writing a long log must not block a thread of the connections.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            filter = values.With(call, filter);
            var running = Running(call);
            var body = http.Response.BodyWriter;
            if (isCsv)
                body.Write(RecordCsv.Head);
            string? cursor = null;
            do
            {
                // A client that reads slowly must not hold a place of the searches.
                FoundRecords found;
                await running.WaitAsync(http.RequestAborted);
                try
                {
                    found = await PageAsync(call, filter, cursor, ExportedAtOnce, ExportBudget);
                }
                finally
                {
                    running.Release();
                }

                foreach (var records in found.Records.Chunk(FlushedAtOnce))
                {
                    if (isCsv || call.Wanted("values") == "true")
                    {
                        Write(call, body, records, isCsv);
                    }
                    else
                    {
                        foreach (var record in records)
                            body.Write([.. record.Line, (byte)'\n']);
                    }

                    await body.FlushAsync(http.RequestAborted);
                }

                cursor = found.Next;
            }
            while (cursor is not null);
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
        catch (IOException) when (IsShared(call))
        {
            // A connection that ends early tells the client that the file is incomplete.
            http.Abort();
        }
        finally
        {
            _exporting.Release();
        }
    }

}
