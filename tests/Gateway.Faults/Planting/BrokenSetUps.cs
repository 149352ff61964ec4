namespace Gateway.Faults.Planting;

/// <summary>Set-ups that operators must avoid, and fleets that break their promise.</summary>
internal static class BrokenSetUps
{
    private const long ShortMs = 2500;
    private const long PatienceMs = 60_000;

    public static IReadOnlyList<BrokenSetUp> All { get; } =
    [
        new("two gateways that share no store", Property.ChargedWithinMax, FleetKind.Journal, 2,
            ServeTwiceAsync),
        new("two gateways that share no store, of calls in flight", Property.OpenWithinMax, FleetKind.Journal, 2,
            ServeTwiceAsync),
        new("a journal that is lost at a restart", Property.NumbersOnce, FleetKind.Journal, 1, LoseJournalAsync),
        new("a clock half a minute ahead, and nothing to compare it with", Property.InItsWindow, FleetKind.Journal, 1,
            ShiftClockAsync),
        new("an agent that goes round the gateway", Property.RecordedFirst, FleetKind.Journal, 1, GoRoundAsync),
        new("a network that delivers calls twice", Property.ReachedOnce, FleetKind.Journal, 1, DeliverTwiceAsync),
        new("a permit that is answered before it is written", Property.NumbersOnce, FleetKind.Journal, 1,
            run => KillAsync(run))
        {
            Order = new Order(Points.NeverWritten),
        },
        new("two owners, and a store whose last writer wins", Property.NumbersOnce, FleetKind.Postgres, 2,
            ServeTwiceAsync)
        {
            Order = new Order(Points.LastWriterWins),
        },
        new("a database restored from a backup", Property.NumbersOnce, FleetKind.Postgres, 1, RestoreAsync),
        new("a partition that is said to be healed", Property.BackInTime, FleetKind.Postgres, 1, NeverHealAsync),
    ];

    private static Task LoseJournalAsync(FleetRun run) => KillAsync(
        run, seat => Directory.Delete(Path.Combine(seat.Data, "limits"), recursive: true));

    private static async Task ServeTwiceAsync(FleetRun run)
    {
        await ServeAsync(run);
        await ServeAsync(run);
    }

    private static async Task KillAsync(FleetRun run, Action<Seat>? between = null)
    {
        var seat = run.Fleet.Seats[0];
        await ServeAsync(run);
        await seat.KillAsync();
        between?.Invoke(seat);
        await run.Fleet.StartAsync(seat);
        await ServeAsync(run);
    }

    /// <summary>
    /// Serves for a while, and until each gateway has admitted calls, however busy the machine is. This makes sure that
    /// numbers were given out.
    /// </summary>
    private static async Task ServeAsync(FleetRun run)
    {
        await RunClock.PassAsync(ShortMs);
        await run.AdmitsAsync(PatienceMs);
    }

    private static async Task ShiftClockAsync(FleetRun run)
    {
        var seat = run.Fleet.Seats[0];
        await seat.StopAsync();
        await run.Fleet.StartAsync(seat, FakeTime.Shift("+30"));
        await ServeAsync(run);
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

    /// <summary>Delivers each call to the server a second time, with the same call id.</summary>
    private static async Task DeliverTwiceAsync(FleetRun run)
    {
        await ServeAsync(run);
        var server = run.Fleet.Server;
        var once = server.Answer;
        server.Answer = async (http, request) =>
        {
            if (!request.Headers.ContainsKey("Twice")) await SendAgainAsync(server.Url, request);
            await once(http, request);
        };
        await ServeAsync(run);
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
        await ServeAsync(run);
        await seat.StopAsync();
        await database.StopAsync("fast");
        await database.RestoreAsync();
        await database.StartAsync();
        await run.Fleet.StartAsync(seat);
        await ServeAsync(run);
    }

    private static async Task NeverHealAsync(FleetRun run)
    {
        var seat = run.Fleet.Seats[0];
        seat.Proxy!.Mode = ProxyMode.LoseAll;
        seat.Proxy.CutAll();
        var nowMs = run.Log.Phase.FromMs + 1;
        run.Log.Add(new Fault("partition", [seat.Name], nowMs, nowMs + ShortMs, Loses: true));
        // The bound is 2 s after that, plus at most 4 s for delays of a busy machine.
        await RunClock.PassAsync(4 * ShortMs);
    }
}
