using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Policies;
using Gateway.Audit.Replaying;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Network;
using Gateway.Limits.Model;
using Gateway.Policy;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Backtesting;

/// <summary><c>/backtests</c>: evaluates an edited policy on this gateway's recorded calls.</summary>
/// <remarks>
/// Starting one requires the permission to edit: with suitable conditions its results reveal recorded values of
/// arguments, as a published policy could.
/// </remarks>
internal sealed class BacktestRoutes(
    Backtests backtests, RecordExchange records, AccessLog access, IControlStore store, BacktestOptions options,
    ProcessClock clock, AuditLog audit) : IAdminRoutes
{
    private const string UsualSince = "7d";

    // The changes of a job stay in memory as long as the job does.
    private const int ChangesMax = 1000;

    public void Map(RouteGroupBuilder api)
    {
        records.Map(api);
        api.MapGet("/backtests", ListAsync).Requires(Permissions.Read)
            .WithSummary("Lists the replays of recorded calls that this gateway runs or has "
                + "run.").Produces<PageView<BacktestView>>();
        api.MapPost("/backtests", StartAsync).Requires(Permissions.Edit)
            .WithSummary("Evaluates recorded calls of this gateway, or of a fleet, with an edited policy; "
                + "poll the job until it is done.").Takes(static () => BacktestJson.Default.BacktestInput)
            .Produces<BacktestView>(202);
        api.MapGet("/backtests/{name}", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows a replay's progress, or its result.").Produces<BacktestView>();
        api.MapDelete("/backtests/{name}", DeleteAsync).Requires(Permissions.Edit)
            .WithSummary("Cancels and deletes a replay.").Produces(204);
    }

    private Task<AdminResponse> ListAsync(AdminCall call) => Task.FromResult(AdminResponse.Ok(
        Pages.Cut(call.Request, backtests.All.Select(one => View(one) with { Result = null }), static view => view.Id),
        BacktestJson.Default.PageViewBacktestView));

    private Task<AdminResponse> ShowAsync(AdminCall call) => Task.FromResult(
        backtests.Find(call.Name) is { } found
            ? AdminResponse.Ok(View(found), BacktestJson.Default.BacktestView)
            : NotFound(call));

    private Task<AdminResponse> DeleteAsync(AdminCall call) => Task.FromResult(
        backtests.TryRemove(call.Name) ? AdminResponse.NoContent : NotFound(call));

    private async Task<AdminResponse> StartAsync(AdminCall call)
    {
        var (input, problem) = await call.ReadAsync(BacktestJson.Default.BacktestInput);
        if (input is null)
            return problem!;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        if (!WrittenTime.TryBack(input.Since ?? UsualSince, now, out var since))
            return Problems.Invalid($"\"since\" is not a time: write {WrittenTime.BackRule}.");
        var lists = call.State.Objects.Named;
        if (Load(call, input, ref since, out var policy) is { } refused)
            return refused;
        if (Callers.Read(input.Caller, out var caller) is { } invalid)
            return invalid;
        if (!TryFrontends(call.Request, input.Frontends ?? [], out var frontends, out var wrong))
            return Problems.Invalid(wrong);
        var key = (string?)call.Request.Headers.Authorization;
        if (frontends.Count > 0 && key is null)
        {
            return Problems.Invalid("The gateway queries the frontends with the key of this request, but the request "
                + "has no key. Send Authorization: Bearer KEY.");
        }

        var backtest = new Backtest(Guid.CreateVersion7().ToString("N"), now, since, call.Caller.Name)
        {
            Name = input.Name,
            HasAllNamed = input.Frontends is { Count: > 0 },
        };
        var request = new ReplayRequest([], policy!)
        {
            Policy = input.Name,
            Server = input.Server,
            Tool = input.Tool,
            IsRecorded = input.Candidate,
            SinceMs = since.ToUnixTimeMilliseconds(),
            Lists = lists,
            Caller = caller,
            ChangesMax = ChangesMax,
        };
        if (!await TryStartAsync(backtest, request, frontends, key, now))
        {
            return Problems.Of(StatusCodes.Status429TooManyRequests, "Too many",
                $"{Backtests.RunningMax} replays are running, the maximum. Wait until one ends, or DELETE it.");
        }

        await access.NoteAsync(call, "backtest");
        return new AdminResponse(
            StatusCodes.Status202Accepted,
            JsonSerializer.SerializeToUtf8Bytes(View(backtest), BacktestJson.Default.BacktestView))
        {
            Location = $"{AdminRoute.Root}/backtests/{backtest.Id}",
        };
    }

    /// <summary>Finds the policy to evaluate: the one in the request, or the candidate of the named policy.</summary>
    private static AdminResponse? Load(
        AdminCall call, BacktestInput input, ref DateTimeOffset since, out CompiledPolicy? policy)
    {
        policy = null;
        if (input.Candidate == input.Policy is not null)
            return Problems.Invalid("Send either \"policy\" (an edited document) or \"candidate\": true.");
        if ((input.Server is not null && (input.Candidate || input.Name is not null))
            || (input.Tool is not null && input.Server is null))
        {
            return Problems.Invalid(
                "\"server\" needs \"policy\" and excludes \"name\"; \"tool\" needs \"server\".");
        }

        if (input.Policy is { } sent)
        {
            var loaded = PolicyLoader.Load(
                Encoding.UTF8.GetBytes(sent.GetRawText()), "policy", call.State.Objects.Named);
            policy = loaded.Policy;
            return policy is not null ? null : Problems.Invalid(
                $"The policy is not valid: {Spelling.Count(loaded.Problems.Length, "problem")}.",
                [.. loaded.Problems.Select(PolicyRoutes.Place)]);
        }

        if (input.Name is not { } name)
            return Problems.Invalid("\"name\" is missing: write the name of the candidate's policy.");
        if (!call.State.Objects.Candidates.TryGetValue(name, out var candidate) || candidate.Policy is null)
            return Problems.NotFound("candidate of the policy", name, call.State.Objects.Candidates.Keys);
        policy = candidate.Policy;
        since = input.Since is null || candidate.At > since ? candidate.At : since;
        return null;
    }

    private async Task<bool> TryStartAsync(
        Backtest backtest, ReplayRequest request, List<Uri> frontends, string? key, DateTimeOffset now)
    {
        var oldestMs = (now - records.ArgumentsAgeMax).ToUnixTimeMilliseconds();
        var (sent, away) = await records.AskAsync(
            frontends, key, request.FromMs, oldestMs, backtest.Cancelled);
        (backtest.Frontends, backtest.Away) = ([.. sent.Select(static one => one.Frontend)], away);
        backtest.HasAllNamed &= away.Count == 0;
        request = request with
        {
            Sources = [records.Own(oldestMs), .. sent.Select(static one => one.Source)],
            HasOthers = View(backtest).Others,
        };
        if (backtests.TryStart(backtest, request))
            return true;
        foreach (var source in request.Sources)
            source.Dispose();
        return false;
    }

    /// <summary>Tries to read the addresses of the other frontends. Only members of this fleet are accepted.</summary>
    private bool TryFrontends(
        HttpRequest request, IReadOnlyList<string> texts, out List<Uri> frontends, out string wrong)
    {
        (frontends, wrong) = ([], "");
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own);
        if (texts.Count > RecordExchange.FrontendsMax)
            wrong = $"\"frontends\" has {texts.Count} entries; at most {RecordExchange.FrontendsMax} are allowed.";
        foreach (var text in texts)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var frontend) || frontend.Scheme is not ("http" or "https")
                || frontend.UserInfo.Length > 0)
            {
                wrong = $"\"frontends\": \"{text}\" is not an address; write it as https://10.0.0.7:8081.";
            }
            else if (own is not null && Origin.AreSame(own, frontend))
            {
                // The client used this address for the request, so its records are here.
            }
            else if (!options.Fleet.Any(member => Origin.AreSame(member, frontend)))
            {
                wrong = $"\"frontends\": \"{text}\" is not a member of this fleet. The request's key is sent only to "
                    + "the addresses that the gateway was started with: --fleet URL (GATEWAY_FLEET).";
            }
            else
            {
                frontends.Add(frontend);
            }
        }

        return wrong.Length == 0;
    }

    private BacktestView View(Backtest backtest) => backtest.View(audit.Frontend, store.IsShared);

    private AdminResponse NotFound(AdminCall call) =>
        Problems.NotFound("backtest", call.Name, backtests.All.Select(static one => one.Id));
}
