using Gateway.EnvoyRls.Deciding;
using Gateway.EnvoyRls.Grpc;
using Gateway.EnvoyRls.Options;
using Gateway.EnvoyRls.Protocol;
using Gateway.EnvoyRls.Rules;
using Gateway.Policy.Budgets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace Gateway.LoadTests.RateLimits;

/// <summary>
/// The same listener, messages and rules over counters in Redis as <c>envoyproxy/ratelimit</c> keeps them: each charge
/// is an <c>INCRBY</c> in the window of this machine's clock, and the result is compared with the maximum.
/// </summary>
internal sealed class RedisListener : IDisposable
{
    /// <summary>The text before the address in its output.</summary>
    public const string Listens = "listens on ";

    private static readonly Dictionary<string, Budget> NoBudgets = [];
    private readonly RlsSettings _settings;
    private readonly RlsRules _rules;
    private readonly RedisPipeline _redis;

    private RedisListener(RlsSettings settings, RlsRules rules, int redisPort) =>
        (_settings, _rules, _redis) = (settings, rules, new RedisPipeline(redisPort));

    /// <summary>Serves until it is ended.</summary>
    /// <exception cref="InvalidOperationException">The rules are not valid.</exception>
    public static async Task RunAsync(string rulesPath, int redisPort, CancellationToken cancellationToken)
    {
        var settings = new RlsSettings { Listen = "http://127.0.0.1:0", RulesPath = rulesPath };
        var (rules, notes) = RuleReader.Read(RuleFiles.Read(rulesPath, settings.Options), settings.Options);
        if (rules is null)
            throw new InvalidOperationException(string.Join('\n', notes.Problems));
        using var listener = new RedisListener(settings, rules, redisPort);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, static one => one.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.Run(listener.AnswerAsync);
        await app.StartAsync(cancellationToken);
        Console.WriteLine(Listens + app.Urls.Single());
        await app.WaitForShutdownAsync(cancellationToken);
    }

    public void Dispose() => _redis.Dispose();

    private async Task AnswerAsync(HttpContext http)
    {
        var result = await DecideAsync(http);
        if (result.Problem is { } problem)
            await GrpcBody.RefuseAsync(http, problem);
        else
            await GrpcBody.WriteAsync(http, result.Message!);
    }

    private async Task<GrpcResult> DecideAsync(HttpContext http)
    {
        var (request, problem) = await GrpcBody.ReadAsync(
            http, RateLimitRequest.Parser, _settings.Options.MessageBytesMax, http.RequestAborted);
        if (problem is not null)
            return problem;
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var (counted, malformed) = CountedRequest.Read(request!, _rules, NoBudgets, _settings.Options, nowMs);
        if (malformed is not null)
            return malformed;
        try
        {
            var over = await Task.WhenAll(counted!.Descriptors.Where(static one => one.IsCharge)
                .Select(one => ChargeAsync(one, nowMs)));
            var isOver = Array.Exists(over, static one => one);
            return GrpcResult.Of(RlsAnswer.Of(request!, counted, isOver, nowMs, _settings));
        }
        catch (IOException e)
        {
            return new GrpcProblem(GrpcStatus.Unavailable, e.Message);
        }
    }

    /// <summary>
    /// Charges a counter and returns true if it is over its maximum, which is known only after the charge.
    /// </summary>
    private async Task<bool> ChargeAsync(CountedDescriptor one, long nowMs)
    {
        var max = (long)one.Limit.Shown.RequestsPerUnit;
        var startMs = one.Limit.Window.StartMs(nowMs);
        one.ResetAtMs = one.Limit.Window.EndMs(startMs);
        var count = await _redis.AddAsync($"{one.Key}_{startMs}", (long)one.Hits, (one.ResetAtMs - nowMs + 999) / 1000);
        one.IsOver = count > max;
        one.Remaining = Gateway.Limits.Model.Amount.FromUnits(Math.Max(0, max - count));
        return one.IsOver;
    }
}
