using System.CommandLine;
using Gateway.Hosting.Demo;
using Gateway.Hosting.Demo.SampleServer;
using ModelContextProtocol;

namespace Gateway.Cluster.Demo;

/// <summary>
/// <c>gateway-cluster demo</c>: an agent alternates between two frontends over two silos, and the silo that owns the
/// counter is killed in the middle of the window.
/// </summary>
internal sealed class ClusterDemo(TextWriter output, TimeProvider time)
{
    private const int CallsBeforeKill = 5;
    private const int Max = 10;

    /// <summary>Retry time of a call without an owner; the fleet notices a lost silo within seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Minimum rest of the window, so that one window contains all calls, including those after the failover.
    /// </summary>
    private static readonly TimeSpan Room = TimeSpan.FromSeconds(40);

    private readonly DemoReport _report = new(output);

    /// <summary>The command line that starts gateway-cluster.</summary>
    public IReadOnlyList<string> Program { get; init; } = DemoFleet.ThisProgram();

    /// <summary>Called with the store's folder after the owner was killed and before the next call.</summary>
    public Action<string>? Killed { get; init; }

    public static Command Command() => DemoCommand.Create(
        "Start a sample server, two silos, two frontends and an agent as processes on this machine, kill the silo that "
            + "owns the counter, and show that the limit holds.\n\n"
            + "Example:\n  gateway-cluster demo --once",
        new ClusterDemo(Console.Out, TimeProvider.System).RunAsync);

    /// <summary>
    /// Runs the demo: with <paramref name="once"/> to its closing line, otherwise until it is cancelled.
    /// </summary>
    /// <returns>0 if every number is correct, otherwise 1.</returns>
    public async Task<int> RunAsync(bool once, CancellationToken cancellationToken)
    {
        var isRight = false;
        try
        {
            await using var server = await SampleMcpServer.StartAsync(cancellationToken);
            using var folder = new DemoFolder(server.Address);
            await output.WriteLineAsync("Starting two silos and two frontends, which takes about 15 s.");
            await using var fleet = await DemoFleet.StartAsync(Program, folder, time, cancellationToken);
            _report.WriteStart(server.Address, fleet.Frontends[0], folder);
            await output.WriteLineAsync($"Second frontend     {fleet.Frontends[1]}\n");

            var (totals, isOneWindow) = await RunAgentsAsync(fleet, folder.Token, cancellationToken);
            isRight = isOneWindow && IsRight(totals, server.Calls);
            _report.WriteNumbers(server.Calls, isRight);
            if (!once) _report.WriteClients(fleet.Endpoints[0], folder.Token);
            var left = Max - server.Calls[DemoAgent.LimitedTool];
            if (left > 0)
            {
                await output.WriteLineAsync(
                    $"{left} of the {Max} were reserved by the silo that was killed. It is unknown whether it had "
                    + "issued them, so they are not issued again.");
            }

            _report.WriteEnd(totals, staysUp: !once);
            await output.WriteLineAsync($"over: {Math.Max(0, -left)}");
            await output.FlushAsync(CancellationToken.None);
            if (!once) await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is the normal end: everything above is cleaned up, and the numbers show the result.
        }
        catch (Exception exception) when (exception is McpException or HttpRequestException or IOException)
        {
            await output.WriteLineAsync($"The demo could not continue: {exception.Message}");
        }

        return isRight ? 0 : 1;
    }

    /// <summary>
    /// Returns true if calls were admitted before and after the kill, each reached the server, and none was too many.
    /// </summary>
    private static bool IsRight(DemoTotals totals, CallCounts calls) =>
        totals is { Admitted: > CallsBeforeKill and <= Max, Denied: 1, Failed: 0 }
        && totals.Admitted + totals.RateLimited == DemoAgent.LimitedCalls
        && calls[DemoAgent.LimitedTool] == totals.Admitted && calls[DemoAgent.DeniedTool] == 0;

    /// <summary>Makes the calls; returns their outcomes, and whether one window saw them all.</summary>
    private async Task<(DemoTotals Totals, bool IsOneWindow)> RunAgentsAsync(
        DemoFleet fleet, string token, CancellationToken cancellationToken)
    {
        await using var first = await DemoAgent.ConnectAsync(fleet.Endpoints[0], token, cancellationToken);
        await using var second = await DemoAgent.ConnectAsync(fleet.Endpoints[1], token, cancellationToken);
        await DemoWindow.WaitForRoomAsync(Room, time, output, cancellationToken);
        var window = DemoWindow.At(time.GetUtcNow());
        var table = DemoTable.OnConsole(output);
        table.WriteHead();
        var totals = default(DemoTotals);
        for (var number = 1; number <= DemoAgent.LimitedCalls + 1; number++)
        {
            var call = await CallAsync(number % 2 == 1 ? first : second, number, table, cancellationToken);
            table.WriteCall(call);
            totals = totals.Add(call.Outcome);
            if (number != CallsBeforeKill) continue;
            var owner = await fleet.KillOwnerAsync(
                $"{DemoFolder.GrantName}@{DemoFolder.ServerName}/", cancellationToken);
            await output.WriteLineAsync($"      silo {owner}, which owns the counter, is killed");
            Killed?.Invoke(fleet.Store);
        }

        if (window == DemoWindow.At(time.GetUtcNow()))
            return (totals, true);
        await output.WriteLineAsync(
            "The calls took longer than one window, so they prove nothing about the limit. Run the demo again, "
            + "with less load on the machine.");
        return (totals, false);
    }

    /// <summary>Makes the call, and retries it while its counter has no owner; each attempt is shown.</summary>
    private async Task<DemoCall> CallAsync(
        DemoAgent agent, int number, DemoTable table, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var call = await agent.CallAsync(number, cancellationToken);
        while (call.Outcome == DemoOutcome.Failed && time.GetElapsedTime(began) < Patience)
        {
            table.WriteCall(call);
            await Task.Delay(RetryAfter, time, cancellationToken);
            call = await agent.CallAsync(number, cancellationToken);
        }

        return call;
    }
}
