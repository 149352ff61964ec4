using Gateway.Hosting.Demo.SampleServer;
using ModelContextProtocol;

namespace Gateway.Hosting.Demo;

/// <summary>The demo from its first line to its last: sample server, gateway, agent, and the numbers.</summary>
internal sealed class DemoRun(TextWriter output, TimeProvider time)
{
    private readonly DemoReport _report = new(output);

    /// <summary>Runs the demo: <paramref name="once"/>, to its closing line, or until it is canceled.</summary>
    /// <returns>0 if every number is right, else 1.</returns>
    public async Task<int> RunAsync(bool once, CancellationToken cancellationToken)
    {
        var right = false;
        try
        {
            await using var server = await SampleMcpServer.StartAsync(cancellationToken).ConfigureAwait(false);
            using var folder = new DemoFolder(server.Address);
            await using var gateway = await DemoGateway.StartAsync(folder, cancellationToken).ConfigureAwait(false);

            _report.WriteStart(server.Address, gateway.Address, folder);
            var totals = await RunAgentAsync(gateway.Endpoint, folder.Token, cancellationToken).ConfigureAwait(false);
            right = DemoReport.IsRight(totals, server.Calls);
            _report.WriteNumbers(server.Calls, right);
            if (!once) _report.WriteClients(gateway.Endpoint, folder.Token);
            _report.WriteEnd(totals, staysUp: !once);
            if (!once) await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is the normal end: everything above is cleaned up, and the numbers show the result.
        }
        catch (Exception exception) when (exception is McpException or HttpRequestException or IOException)
        {
            await output.WriteLineAsync($"The demo cannot continue: {exception.Message}").ConfigureAwait(false);
        }

        return right ? 0 : 1;
    }

    private async Task<DemoTotals> RunAgentAsync(Uri endpoint, string token, CancellationToken cancellationToken)
    {
        await using var agent = await DemoAgent.ConnectAsync(endpoint, token, cancellationToken).ConfigureAwait(false);
        _report.WriteAgent(agent, await agent.ListAsync(cancellationToken).ConfigureAwait(false));

        await DemoWindow.WaitForRoomAsync(DemoWindow.RoomMin, time, output, cancellationToken).ConfigureAwait(false);
        var table = DemoTable.OnConsole(output);
        table.WriteHead();
        var totals = default(DemoTotals);
        await foreach (var call in agent.RunAsync(cancellationToken).ConfigureAwait(false))
        {
            table.WriteCall(call);
            totals = totals.Add(call.Outcome);
        }

        return totals;
    }
}
