using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Control.Snapshots;
using Gateway.Mcp.Headers;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Tests.Pipeline;
using Gateway.Proxy.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Benchmarks;

/// <summary>
/// A fixed mix of calls through the stages of the pipeline, one after the other, with a server that responds at once:
/// the bytes that each kind of call allocates. Sockets and the reading of requests are not part of it.
/// </summary>
internal static class StageFigures
{
    private const string Calls = "10000";
    private const int WarmUp = 2_000;
    private const int Together = 100;

    private const string Policy = """
        {
          "version": "1", "default": "deny",
          "tools": {
            "free": { "limits": [] },
            "counted": { "limits": [{ "counter": "calls", "max": 1000000, "window": "hour" }] },
            "checked": {
              "require": [{ "path": "args.amount", "op": "lte", "value": 100 }],
              "limits": [{ "counter": "amount", "by": "args.customer", "max": 1000000, "window": "hour" }]
            },
            "limited": { "limits": [{ "counter": "once", "max": 1, "window": "hour" }] }
          }
        }
        """;

    private static readonly (string Kind, string Body)[] Mix =
    [
        ("free", """ "name":"free","arguments":{} """),
        ("counted", """ "name":"counted","arguments":{"text":"hello"} """),
        ("checked", """ "name":"checked","arguments":{"amount":50,"customer":"c-1"} """),
        ("limited", """ "name":"limited","arguments":{} """),
        ("denied", """ "name":"other","arguments":{} """),
    ];

    /// <summary>Prints the bytes per call, and compares them with a baseline.</summary>
    /// <param name="args">
    /// <c>--baseline FILE</c> compares, <c>--write FILE</c> writes; <c>--calls N</c> runs another number of calls,
    /// <c>--plant BYTES</c> allocates more in each.
    /// </param>
    /// <returns>1 if a kind of call allocates more than the baseline says; otherwise 0.</returns>
    public static async Task<int> PrintAsync(string[] args)
    {
        var planted = Value(args, "--plant") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        var calls = int.Parse(Value(args, "--calls") ?? Calls, CultureInfo.InvariantCulture);
        await using var bench = await StageBench.OpenAsync(Policy, change: static services =>
        {
            services.RemoveAll<IUpstreamFactory>();
            services.AddSingleton<IUpstreamFactory, ReadyServer>();
        });
        var figures = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (kind, body) in Mix)
        {
            await RunAsync(bench, body, WarmUp, planted);
            figures[kind] = await RunAsync(bench, body, calls / Mix.Length, planted);
        }

        var lines = figures.Select(static figure => $"{figure.Key} {figure.Value}").ToList();
        lines.ForEach(Console.WriteLine);
        if (Value(args, "--write") is { } target)
            await File.WriteAllLinesAsync(target, lines);
        return Value(args, "--baseline") is { } file ? Compare(figures, await File.ReadAllLinesAsync(file)) : 0;
    }

    private static int Compare(SortedDictionary<string, long> figures, string[] baseline)
    {
        var failed = 0;
        foreach (var parts in baseline.Select(static line => line.Split(' '))
            .Where(static parts => parts[0] != "instructions"))
        {
            var (kind, allowed) = (parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture));
            if (figures[kind] <= allowed)
                continue;
            Console.WriteLine(
                $"!! a call of the kind \"{kind}\" allocates {figures[kind]} bytes; the baseline is {allowed}");
            failed = 1;
        }

        return failed;
    }

    /// <summary>
    /// Returns the bytes that a call allocates, on all threads: the median of hundreds of calls, because timers of the
    /// gateway allocate beside some of them.
    /// </summary>
    private static async Task<long> RunAsync(StageBench bench, string body, int count, int planted)
    {
        var calls = new CallContext[count];
        for (var i = 0; i < count; i++)
            calls[i] = bench.Call("tools/call", body);
        var pipeline = bench.Get<CallPipeline>();
        var figures = new List<long>(count / Together);
        for (var i = 0; i < count; i += Together)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var j = i; j < i + Together; j++)
            {
                await pipeline.RunAsync(calls[j]);
                if (planted > 0)
                    GC.KeepAlive(new byte[planted]);
            }

            figures.Add((GC.GetTotalAllocatedBytes(precise: true) - before) / Together);
        }

        foreach (var call in calls)
            call.Dispose();
        figures.Sort();
        return figures[figures.Count / 2];
    }

    private static string? Value(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private sealed class ReadyServer : IUpstreamFactory, IUpstream
    {
        private static readonly byte[] Body = Encoding.UTF8.GetBytes(
            """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"done"}]}}""");

        public UpstreamStatus Status { get; } = new(null);

        public bool EndsWithRegistration => false;

        public bool Serves(ServerModel server) => true;

        public IUpstream Create(ServerModel server) => this;

        public async Task<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
        {
            if (request.BeforeFirstByte is { } before)
                await before(cancellationToken);
            request.WasWritten = true;
            var body = new MemoryStream(Body);
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.Json);
            return new UpstreamResponse(response, body);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
