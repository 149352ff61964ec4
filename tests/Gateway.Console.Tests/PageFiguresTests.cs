using Xunit.Abstractions;

namespace Gateway.Console.Tests;

/// <summary>
/// How long pages take at a large gateway: 10,000 grants, 2,000 tools and a million records. The times are printed, and
/// into <c>artifacts/console-figures.txt</c>; what is asserted is that pages work, and what the first one weighs.
/// </summary>
public sealed class PageFiguresTests(ITestOutputHelper output)
{
    private const string Name = "large";
    private static readonly int Grants = Of("GATEWAY_FIGURES_GRANTS", 10_000);
    private static readonly int Records = Of("GATEWAY_FIGURES_RECORDS", 1_000_000);
    private const int AtOnce = 16;
    private const int Rounds = 5;
    private const int Calls = 200;

    /// <summary>Goes to a page, and says after how many milliseconds what it reads is there, painted.</summary>
    private const string Go = """
        async route => {
          const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
          const began = performance.now();
          location.hash = '#/' + route;
          await frame();
          do { await frame(); } while (!document.querySelector('main h1') || document.querySelector('main .skeleton'));
          return performance.now() - began;
        }
        """;

    private static readonly string[] Pages =
    [
        "overview", "live", "calls", "approvals", "history", "servers", $"servers/{Name}", "catalogue",
        $"catalogue/{Name}/find_order_0042", "grants", $"grants/{Name}-bot", "policies", $"policies/{Name}?view=both",
        "settings",
    ];

    private readonly StringBuilder _figures = new();

    [BrowserFact(OnlyForPictures = true, OnlyInChromium = true)]
    public async Task Pages_of_a_large_gateway_work_and_their_times_are_printed()
    {
        await using var own = new OwnBench { Bench = new ConsoleBench { IsProgram = true } };
        var bench = own.Bench;
        await bench.InitializeAsync();
        await FillAsync(bench);
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await page.AddInitScriptAsync("""
            globalThis.slowest = 0;
            new PerformanceObserver(list => { for (const one of list.getEntries())
              if (one.name === 'input' || one.name === 'keydown') slowest = Math.max(slowest, one.duration); })
              .observe({ type: 'event', durationThreshold: 16, buffered: true });
            """);

        await FirstPageAsync(window, bench.Address, isCold: true);
        await FirstPageAsync(window, bench.Address, isCold: false);
        await SlowLinkAsync(window, bench.Address);
        foreach (var route in Pages)
        {
            var times = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                await window.GoAsync("account");
                times.Add(await page.EvaluateAsync<double>(Go, route));
            }

            var first = times[0];
            times.Sort();
            Print($"{route,-42} {times[Rounds / 2],5:0} ms (the first time {first:0}, least {times[0]:0})");
        }

        await TypeAsync(window, "grants", "Search");
        await TypeAsync(window, "catalogue", "Search");
        await TypeAsync(window, $"policies/{Name}?view=both", "Search");
        Assert.Empty(window.Errors);
        await File.WriteAllTextAsync(SourceTree.PathOf("artifacts", "console-figures.txt"), _figures.ToString());
    }

    private async Task FirstPageAsync(ConsoleWindow window, Uri gateway, bool isCold)
    {
        var page = window.Page;
        await page.GotoAsync("about:blank");
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Network.enable");
        await session.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = isCold });
        await page.GotoAsync(new Uri(gateway, "/console/").AbsoluteUri);
        await page.Locator("#navigation").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await window.UntilIdleAsync();
        await session.DetachAsync();
        var (paint, requests, bytes) = (
            await page.EvaluateAsync<double>(
                "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"),
            await page.EvaluateAsync<int>(Sum("one => one.transferSize > 0 ? 1 : 0")),
            await page.EvaluateAsync<int>(Sum("one => one.transferSize > 0 ? one.encodedBodySize : 0")));
        var what = isCold ? "first page, cold" : "first page, warm";
        Print($"{what,-42} {paint,5:0} ms to paint, {requests} requests, {bytes / 1000} kB");
        if (!isCold)
            return;
        Assert.InRange(requests, 1, 60);
        Assert.InRange(bytes, 1, 150_000);

        static string Sum(string of) => $$"""
            () => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
              .filter(one => !one.name.includes('/api/')).map({{of}}).reduce((sum, one) => sum + one, 0)
            """;
    }

    /// <summary>Prints how long the first pages take without a cache, at 400 ms of latency and 50 kB/s.</summary>
    private async Task SlowLinkAsync(ConsoleWindow window, Uri gateway)
    {
        var page = window.Page;
        var address = new Uri(gateway, "/console/").AbsoluteUri;
        var overview = await TimeAsync(page, "main h1");
        await using var stranger = await page.Context.Browser!.NewContextAsync();
        Print($"{"sign-in, slow link",-42} {await TimeAsync(await stranger.NewPageAsync(), "form"),5:0} ms");
        Print($"{"overview, slow link",-42} {overview,5:0} ms");

        async Task<double> TimeAsync(IPage at, string shown)
        {
            await at.GotoAsync("about:blank");
            var session = await at.Context.NewCDPSessionAsync(at);
            await session.SendAsync("Network.enable");
            await session.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
            await session.SendAsync("Network.emulateNetworkConditions", new()
            {
                ["offline"] = false, ["latency"] = 400, ["downloadThroughput"] = 50_000, ["uploadThroughput"] = 50_000,
            });
            var began = TimeProvider.System.GetTimestamp();
            await at.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit });
            await at.Locator(shown).First.WaitForAsync();
            await at.WaitForFunctionAsync("() => !document.querySelector('.skeleton')");
            var elapsed = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
            await session.DetachAsync();
            return elapsed;
        }
    }

    private async Task TypeAsync(ConsoleWindow window, string route, string label)
    {
        var page = window.Page;
        await window.GoAsync(route);
        await page.EvaluateAsync("() => { slowest = 0; }");
        await page.GetByLabel(label, new() { Exact = true }).First.PressSequentiallyAsync(
            "find_order_00", new() { Delay = 60 });
        await page.WaitForTimeoutAsync(500);
        var slowest = await page.EvaluateAsync<double>("() => slowest");
        Print($"typing at {route,-32} {slowest,5:0} ms at most to the next paint");
    }

    /// <summary>
    /// What the API makes is made by it, and so are some calls. Their records, written by the gateway's own writer with
    /// other ids and times, are the rest of the record: as many calls would take an hour.
    /// </summary>
    private async Task FillAsync(ConsoleBench bench)
    {
        var began = TimeProvider.System.GetTimestamp();
        var token = (await bench.ProvideAsync(Name))!;
        await bench.SendAsync(
            "PUT", $"servers/{Name}", new JsonObject { ["url"] = bench.ServerUrl + HostileTools.Many });
        await Parallel.ForAsync(0, Grants, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            await bench.SendAsync("POST", "grants", new JsonObject
            {
                ["name"] = $"agent-{i:00000}", ["servers"] = new JsonObject { [Name] = Name },
            }));
        using (var client = ConsoleBench.Agent(token))
        {
            for (var i = 0; i < Calls; i++)
            {
                var tool = i % 2 == 0 ? "get_customer" : $"find_order_{i:0000}";
                await bench.CallAsync(client, Name, tool);
            }
        }

        await bench.RestartAsync(data => RecordedCalls.WriteAsync(Path.Combine(data, "audit"), Records, Name));
        Print($"filled with {Grants} grants and {Records} records in {TimeProvider.System.GetElapsedTime(began)}");
    }

    private static int Of(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var wanted)
            ? wanted : usual;

    private void Print(FormattableString figure)
    {
        var line = FormattableString.Invariant(figure);
        output.WriteLine(line);
        _figures.AppendLine(line);
    }
}
