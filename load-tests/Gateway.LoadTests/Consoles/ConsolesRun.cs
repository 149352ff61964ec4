using System.Text.Json.Nodes;
using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Processes;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Consoles;

/// <summary>One gateway under load, in turns without and with consoles on its live page.</summary>
internal sealed class ConsolesRun(ConsolesOptions options) : IDisposable
{
    // The maximum of event streams per operator; the maximum of live streams is higher.
    private const int ConsolesOfOperator = 4;
    private readonly TestFolder _folder = new("gateway-consoles-");
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly List<string> _keys = [];
    private Uri _api = null!;

    /// <exception cref="InvalidOperationException">wrk is missing, or calls failed.</exception>
    public async Task<ConsolesReport> MeasureAsync(Action<string> log, CancellationToken cancellation)
    {
        var program = Tools.Find("wrk")
            ?? throw new InvalidOperationException("wrk is missing: install the package wrk");
        await using var bench = await ScenarioBench.StartAsync(
            new ScenarioOptions { Gateway = options.Gateway }, ScenarioBench.Policy(1_000_000_000, "hour"));
        var gateway = bench.Gateways[0];
        _api = new Uri($"http://{gateway.Address}/api/v1/");
        for (var i = 0; i * ConsolesOfOperator < options.Consoles; i++)
            _keys.Add(await OperatorAsync($"operator-{i}", cancellation));
        var wrk = new Wrk(program, _folder.Path, ScenarioBench.Tokens(1)[0]);
        var contestant = Contestant.Of("gateway", ScenarioBench.Tool, gateway);
        log("warming up");
        await wrk.RunAsync(contestant, options.Connections, TimeSpan.FromSeconds(10));

        var (without, with) = (new List<Round>(), new List<Round>());
        var (calm, watched) = (new List<Round>(), new List<Round>());
        var sent = new List<double>();
        for (var round = 0; round < options.Rounds; round++)
        {
            log($"round {round + 1} of {options.Rounds}");
            without.Add(await wrk.RunAsync(contestant, options.Connections, options.Duration));
            calm.Add(await SteadyAsync(bench, gateway, cancellation));
            var consoles = new List<OpenConsole>();
            for (var i = 0; i < options.Consoles; i++)
                consoles.Add(await OpenConsole.OpenAsync(_http, _api, _keys[i / ConsolesOfOperator]));
            with.Add(await wrk.RunAsync(contestant, options.Connections, options.Duration));
            sent.Add(consoles.Average(static one => one.Bytes) / options.Duration.TotalSeconds);
            watched.Add(await SteadyAsync(bench, gateway, cancellation));
            foreach (var console in consoles)
                await console.DisposeAsync();
        }

        return new ConsolesReport(
            options.Consoles, options.Rounds, Round.Median(without), Round.Median(with),
            [
                Of("calls a second, full load", with, without, static round => round.CallsPerSecond),
                Of("CPU of the gateway a call, full load", with, without, static round => round.CpuPerCall),
                Of($"median at {options.SteadyRate} calls/s", watched, calm, static round => round.P50),
                Of($"p99 at {options.SteadyRate} calls/s", watched, calm, static round => round.P99),
            ],
            Round.Middle(sent));
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    private static Ratio Of(string figure, List<Round> with, List<Round> without, Func<Round, double> of) =>
        Ratio.Of(figure, [.. with.Select(of)], [.. without.Select(of)]);

    private async Task<Round> SteadyAsync(
        ScenarioBench bench, GatewayProcess gateway, CancellationToken cancellation)
    {
        var request = ScenarioBench.Request();
        var cpu = gateway.CpuTime;
        var result = await LoadGenerator.RunAsync(
            new LoadPlan
            {
                Targets = bench.Targets,
                Request = _ => request,
                Connections = options.Connections,
                Duration = options.Duration,
                RatePerSecond = options.SteadyRate,
            },
            cancellation);
        if (result.Errors > 0)
            throw new InvalidOperationException($"{result.Errors} calls failed under steady load.");
        return new Round(
            result.Calls / result.Elapsed.TotalSeconds, (gateway.CpuTime - cpu).TotalMicroseconds / result.Calls,
            result.Latency.At(0.5) / 1000, result.Latency.At(0.99) / 1000);
    }

    private async Task<string> OperatorAsync(string name, CancellationToken cancellation)
    {
        await PostAsync(
            "operators", new JsonObject { ["name"] = name, ["roles"] = new JsonArray("admin") }, cancellation);
        var made = await PostAsync($"operators/{name}/keys", new JsonObject { ["name"] = "load" }, cancellation);
        return (string)made["key"]!;
    }

    private async Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_api, path))
        {
            Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ScenarioBench.AdminKey);
        using var answer = await _http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text}");
    }
}
