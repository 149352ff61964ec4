using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;
using Gateway.Policy.Budgets;
using Microsoft.Extensions.DependencyInjection;
using Code = Gateway.EnvoyRls.Protocol.RateLimitResponse.Types.Code;

namespace Gateway.EnvoyRls.Tests.Deciding;

/// <summary>A frontend with rules of its own over a store that several share.</summary>
internal sealed class Frontend : IAsyncDisposable
{
    private readonly LocalEngine _engine;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RlsMetrics _metrics;
    private readonly RlsDecider _decider;

    public Frontend(
        ManualTime time, string rules, SharedStore? store = null, RlsSettings? settings = null, int countersMax = 1000)
    {
        Time = time;
        Rules = RuleText.Rules(rules);
        settings ??= Settings;
        var clock = new ProcessClock(time);
        _engine = new LocalEngine(
            (IReservationStore?)store ?? new OwnStore(),
            new LocalEngineOptions { StoreTimeoutMs = 0, Bounds = new() { CountersMax = countersMax } }, time, clock);
        var meters = _services.GetRequiredService<IMeterFactory>();
        _metrics = new RlsMetrics(meters, settings);
        _decider = new RlsDecider(_engine, clock, settings, _metrics, new CounterRatios(meters, time));
    }

    public static RlsSettings Settings { get; } = new() { Listen = "http://127.0.0.1:0", RulesPath = "unused" };

    public static ManualTime Noon => new("2026-03-01T12:00:10Z");

    public ManualTime Time { get; }

    public RlsRules Rules { get; set; }

    public IReadOnlyDictionary<string, Budget> Budgets { get; set; } = new Dictionary<string, Budget>();

    public async Task<GrpcResult> DecideAsync(RateLimitRequest request) =>
        await _decider.DecideAsync(request, Rules, Budgets, CancellationToken.None);

    public async Task<RateLimitResponse> AnswerAsync(RateLimitRequest request)
    {
        var result = await DecideAsync(request);
        return Assert.IsType<RateLimitResponse>(result.Message);
    }

    /// <summary>The overall code of so many requests, <c>ok</c> or <c>over</c> each.</summary>
    public async Task<string> AskAsync(int times, RateLimitRequest request)
    {
        var codes = new List<string>();
        for (var i = 0; i < times; i++)
            codes.Add((await AnswerAsync(request)).OverallCode == Code.Ok ? "ok" : "over");
        return string.Join(' ', codes);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _metrics.Dispose();
        await _services.DisposeAsync();
    }
}
