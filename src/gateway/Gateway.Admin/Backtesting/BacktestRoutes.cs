using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Policies;
using Gateway.Audit.Arguments;
using Gateway.Audit.Replaying;
using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Identity.Roles;
using Gateway.Limits.Model;
using Gateway.Policy;
using Gateway.Policy.Lists;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Backtesting;

/// <summary><c>/backtests</c>: what an edited policy would have decided on this gateway's recorded calls.</summary>
/// <remarks>
/// To begin one takes the permission to edit: by clever conditions its answers tell recorded values of arguments, as a
/// policy in force would.
/// </remarks>
internal sealed class BacktestRoutes(
    Backtests backtests, AccessLog access, IControlStore store, IDataProtectionProvider protection,
    GatewayOptions options, ProcessClock clock)
{
    private const string UsualSince = "7d";

    // Those of a job stay in memory as long as it is kept.
    private const int ChangesMax = 1000;

    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/backtests", Permissions.Read, "Lists replays of this gateway's record.", ListAsync)
        {
            Gives = () => BacktestJson.Default.PageViewBacktestView,
        },
        new("POST", "/backtests", Permissions.Edit,
            "Begins to judge recorded calls by an edited policy; ask for the job until it is done.", StartAsync)
        {
            Takes = () => BacktestJson.Default.BacktestInput,
            Gives = () => BacktestJson.Default.BacktestView,
            Status = StatusCodes.Status202Accepted,
        },
        new("GET", "/backtests/{name}", Permissions.Read, "Shows how far a replay is, or what it came to.", ShowAsync)
        {
            Gives = () => BacktestJson.Default.BacktestView,
        },
        new("DELETE", "/backtests/{name}", Permissions.Edit, "Cancels a replay, and forgets it.", DeleteAsync)
        {
            Status = StatusCodes.Status204NoContent,
        },
    ];

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
            return Problems.Invalid($"\"since\" is no time: write {WrittenTime.Rule}.");
        var lists = new NamedLists(call.State.Objects.Lists);
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes(input.Policy.GetRawText()), "policy", lists);
        if (loaded.Policy is not { } policy)
        {
            return Problems.Invalid(
                $"The policy is refused whole: {loaded.Problems.Length} problems.",
                [.. loaded.Problems.Select(PolicyRoutes.Place)]);
        }

        var backtest = new Backtest(Guid.CreateVersion7().ToString("N"), now, since, call.Caller.Name)
        {
            Name = input.Name,
        };
        var oldest = (now - options.RecordedArguments.AgeMax).ToUnixTimeMilliseconds();
        var values = new ArgumentReader(options.ToRecordedArguments().Directory, protection, oldest);
        var request = new ReplayRequest(options.ToAuditLog().Directory, policy)
        {
            Policy = input.Name,
            SinceMs = since.ToUnixTimeMilliseconds(),
            Lists = lists,
            Arguments = values,
            HasOthers = store.IsShared,
            ChangesMax = ChangesMax,
        };
        if (!backtests.TryStart(backtest, request))
        {
            values.Dispose();
            return Problems.Of(StatusCodes.Status429TooManyRequests, "Too many",
                $"{options.BacktestsRunningMax} replays run, the most there may be. Wait for one, or DELETE it.");
        }

        await access.NoteAsync(call, "backtest");
        return new AdminResponse(
            StatusCodes.Status202Accepted,
            JsonSerializer.SerializeToUtf8Bytes(View(backtest), BacktestJson.Default.BacktestView))
        {
            Location = $"{AdminRoute.Root}/backtests/{backtest.Id}",
        };
    }

    private BacktestView View(Backtest backtest) => backtest.View(Environment.MachineName, store.IsShared);

    private AdminResponse NotFound(AdminCall call) =>
        Problems.NotFound("backtest", call.Name, backtests.All.Select(static one => one.Id));
}
