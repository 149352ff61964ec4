using System.Net.Http.Headers;
using Gateway.Faults.Checking;
using Gateway.Faults.Fleets;
using Gateway.Faults.Histories;
using Gateway.Postgres.Tests.Network;
using Gateway.Server.Tests.Fixtures;

namespace Gateway.Faults.Planting;

/// <summary>What operators must not do, and what a fleet that breaks its promise would look like.</summary>
internal static class BrokenSetUps
{
    private const long ShortMs = 2500;

    public static IReadOnlyList<BrokenSetUp> All { get; } =
    [
        new("two gateways that share no store", Property.ChargedWithinMax, FleetKind.Journal, 2,
            run => RunClock.PassAsync(2 * ShortMs)),
        new("a journal that is lost at a restart", Property.NumbersOnce, FleetKind.Journal, 1, LoseJournalAsync),
        new("a clock half a minute ahead, and nothing to compare it with", Property.InItsWindow, FleetKind.Journal, 1,
            ShiftClockAsync),
        new("an agent that goes round the gateway", Property.RecordedFirst, FleetKind.Journal, 1, GoRoundAsync),
        new("a network that delivers calls twice", Property.ReachedOnce, FleetKind.Journal, 1, DeliverTwiceAsync),
        new("a database restored from a backup", Property.NumbersOnce, FleetKind.Postgres, 1, RestoreAsync),
        new("a partition that is said to be healed", Property.BackInTime, FleetKind.Postgres, 1, NeverHealAsync),
    ];

    private static async Task LoseJournalAsync(FleetRun run)
    {
        await RunClock.PassAsync(ShortMs);
        var seat = run.Fleet.Seats[0];
        await seat.KillAsync();
        Directory.Delete(Path.Combine(seat.Data, "limits"), recursive: true);
        await run.Fleet.StartAsync(seat);
        await RunClock.PassAsync(ShortMs);
    }

    private static async Task ShiftClockAsync(FleetRun run)
    {
        var seat = run.Fleet.Seats[0];
        await seat.StopAsync();
        await run.Fleet.StartAsync(seat, "+30");
        await RunClock.PassAsync(ShortMs);
    }

    private static async Task GoRoundAsync(FleetRun run)
    {
        await RunClock.PassAsync(ShortMs);
        using var client = new HttpClient();
        using var call = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hot"}}""",
            new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync(new Uri(run.Fleet.Server.Url), call);
    }

    /// <summary>The server hears each call a second time, with the same call id.</summary>
    private static async Task DeliverTwiceAsync(FleetRun run)
    {
        await RunClock.PassAsync(ShortMs);
        var server = run.Fleet.Server;
        var once = server.Answer;
        server.Answer = async (http, request) =>
        {
            if (!request.Headers.ContainsKey("Twice")) await SendAgainAsync(server.Url, request);
            await once(http, request);
        };
        await RunClock.PassAsync(ShortMs);
    }

    private static async Task SendAgainAsync(string url, RecordedRequest request)
    {
        using var client = new HttpClient();
        using var message = new HttpRequestMessage(HttpMethod.Post, url);
        message.Content = new ByteArrayContent(request.Body);
        message.Headers.Add("Twice", "1");
        message.Headers.Add("Policy-Gateway-Call", request.Headers["Policy-Gateway-Call"]);
        using var answer = await client.SendAsync(message);
    }

    private static async Task RestoreAsync(FleetRun run)
    {
        var (seat, database) = (run.Fleet.Seats[0], run.Fleet.Database!);
        await seat.StopAsync();
        await database.StopAsync("fast");
        await database.BackUpAsync();
        await database.StartAsync();
        await run.Fleet.StartAsync(seat);
        await RunClock.PassAsync(ShortMs);
        await seat.StopAsync();
        await database.StopAsync("fast");
        await database.RestoreAsync();
        await database.StartAsync();
        await run.Fleet.StartAsync(seat);
        await RunClock.PassAsync(ShortMs);
    }

    private static async Task NeverHealAsync(FleetRun run)
    {
        var seat = run.Fleet.Seats[0];
        seat.Proxy!.Mode = ProxyMode.LoseAll;
        seat.Proxy.CutAll();
        var nowMs = run.Log.Phase.FromMs + 1;
        run.Log.Add(new Fault("partition", [seat.Name], nowMs, nowMs + ShortMs, Loses: true));
        // The bound is 2 s after that, and a busy machine's own delays come on top, of 4 s at most.
        await RunClock.PassAsync(4 * ShortMs);
    }
}
