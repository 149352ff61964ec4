using System.Globalization;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Arguments;
using Gateway.Audit.Evidence;
using Gateway.Audit.Reading;
using Gateway.Audit.Verifying;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Records;

/// <summary><c>/audit</c>: reads the record of this gateway's decisions.</summary>
internal sealed class AuditRoutes(
    IControlStore store, AuditLogOptions options, AuditLog audit, AccessLog access, ArgumentRecorder arguments,
    ISharedRecords? shared = null)
    : IAdminRoutes, IDisposable
{
    /// <summary>The maximum number of checkpoints to which one verification compares the log.</summary>
    public const int HeadsMax = 16;

    private readonly SemaphoreSlim _verifying = new(1);
    private readonly AuditReader _audit = new(options.Directory);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/audit", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows audit records of this process's log, or of all gateways that ship to one table.")
            .Produces<AuditPage>().WithQuery(AuditQuery.Parameters);
        api.MapGet("/audit/verify", VerifyAsync).Requires(Permissions.Read)
            .WithSummary("Compares this process's audit log with its checkpoints. The gateway serves one such request "
                + "at a time.")
            .Produces<VerifyReport>()
            .WithQuery(("head", "A checkpoint stored elsewhere: chain, size and root, separated by spaces."));
    }

    private async Task<AdminResponse> VerifyAsync(AdminCall call)
    {
        var heads = call.Request.Query["head"].Select(static text => TreeHead.Parse(text ?? "")).ToList();
        if (heads.Count > HeadsMax || heads.Contains(null))
            return Problems.Unreadable("\"head\" must be a chain, a size and a root, separated by spaces. It can "
                + $"occur at most {HeadsMax} times.");
        // Verification reads the complete log, so only one runs at a time.
        if (!await _verifying.WaitAsync(TimeSpan.Zero, call.Aborted))
        {
            return Problems.Of(StatusCodes.Status409Conflict, "Busy",
                "Another request is comparing the log; try again when it is done.");
        }

        try
        {
            return await Task.Run(() => AdminResponse.Ok(
                AuditVerifier.Verify(
                    options.Directory,
                    [
                        .. heads.Select(static head => new OutsideCheckpoint("--checkpoint", head!, null)),
                        .. CheckpointExchange.Of(call.State.Documents, audit.Evidence?.Writer ?? "none"),
                    ],
                    [],
                    arguments.OpenReader),
                VerifyJson.Default.VerifyReport));
        }
        finally
        {
            _verifying.Release();
        }
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        var answer = await FindAsync(call);
        // Nobody reads a full page on a screen, so it counts as an export of the record.
        if (answer.Status == StatusCodes.Status200OK && IsFullPage(call))
            await access.NoteExportAsync(call, "export-audit");
        return answer;
    }

    private static bool IsFullPage(AdminCall call) =>
        ((string?)call.Request.Query["tail"] ?? call.Request.Query["limit"]) == $"{Pages.LimitMax}";

    private Task<AdminResponse> FindAsync(AdminCall call)
    {
        var parameters = call.Request.Query;
        if (AuditQuery.Read(parameters, out var problem) is not { } query)
            return Task.FromResult(Problems.Unreadable(problem));
        int? tail = int.TryParse(
            parameters["tail"], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Math.Min(count, Pages.LimitMax)
            : null;
        var of = (string?)parameters["of"];
        if (SharedAnswers.Refusal(of, shared) is { } refusal)
            return Task.FromResult(refusal);
        if (of == "shared" && query.Conditions is not null)
            return Task.FromResult(SharedAnswers.NoValues);
        if (of == "shared")
            return ShowSharedAsync(call, query, tail, shared!);
        if (RecordSearchRoutes.RefuseWhere(call, query.Conditions, call.Wanted("server")) is { } forbidden)
            return Task.FromResult(forbidden);
        // Reading files may take a while, so it does not run on the request's thread.
        return Task.Run(() =>
        {
            var matching = query.Conditions is { } where
                ? query with { Matches = arguments.Matching(where, call.Aborted) }
                : query;
            var page = tail is { } last
                ? _audit.Tail(matching, last, parameters["before"])
                : _audit.Read(matching, parameters["cursor"], Pages.Limit(call.Request));
            return Page(page with { ValuesReached = matching.Matches?.Reached });
        });
    }

    private async Task<AdminResponse> ShowSharedAsync(
        AdminCall call, AuditQuery query, int? tail, ISharedRecords shared)
    {
        var parameters = call.Request.Query;
        try
        {
            return Page(tail is { } last
                ? await shared.TailAsync(query, last, parameters["before"], call.Aborted)
                : await shared.ReadAsync(query, parameters["cursor"], Pages.Limit(call.Request), call.Aborted));
        }
        catch (IOException e)
        {
            return SharedAnswers.Lost(shared, e);
        }
    }

    private AdminResponse Page(AuditPage page) => AdminResponse.Ok(
        page with { Frontend = audit.Frontend, Others = store.IsShared }, RecordJson.Default.AuditPage);

    public void Dispose() => _verifying.Dispose();
}
