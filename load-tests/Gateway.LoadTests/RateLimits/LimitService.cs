using Gateway.EnvoyRls.Protocol;
using Gateway.LoadTests.Processes;
using Gateway.TestHarness.Network;
using Google.Protobuf;
using System.Net.Sockets;

namespace Gateway.LoadTests.RateLimits;

/// <summary>A rate limit service in separate processes; the one that holds its counters can be killed.</summary>
internal sealed class LimitService : IDisposable
{
    public const string Decide = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

    private readonly Func<CancellationToken, Task<IDisposable>> _startHolder;
    private readonly Func<IDisposable, TimeSpan> _cpuOfHolder;
    private readonly Action<IDisposable> _killHolder;
    private readonly ServerProcess? _listener;
    private readonly HttpClient _client;
    private IDisposable _holder;

    private LimitService(
        string name, Uri address, IDisposable holder, Func<CancellationToken, Task<IDisposable>> startHolder,
        (Func<IDisposable, TimeSpan> Cpu, Action<IDisposable> Kill) of, ServerProcess? listener)
    {
        (Name, Address, _holder, _startHolder) = (name, address, holder, startHolder);
        ((_cpuOfHolder, _killHolder), _listener) = (of, listener);
        _client = GrpcCall.Client(address);
        _client.Timeout = TimeSpan.FromSeconds(10);
    }

    public string Name { get; }

    public Uri Address { get; }

    /// <summary>Starts this gateway, with its journal.</summary>
    public static async Task<LimitService> StartGatewayAsync(
        string program, string folder, string rules, CancellationToken cancellationToken)
    {
        var data = Path.Combine(folder, "gateway");
        var config = Path.Combine(folder, "gateway.json");
        await File.WriteAllTextAsync(config, "{}", cancellationToken);
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var holder = await StartAsync(cancellationToken);
        return new LimitService("gateway, its journal", address, holder, StartAsync, (
            static process => ((GatewayProcess)process).CpuTime, static process => ((GatewayProcess)process).Kill()),
            null);

        async Task<IDisposable> StartAsync(CancellationToken cancelled) => await GatewayProcess.StartAsync(
            program, config, data, ["--rls-listen", address.AbsoluteUri.TrimEnd('/'), "--rls-config", rules], 0,
            cancelled);
    }

    /// <summary>Starts the same listener over Redis.</summary>
    /// <param name="redisServer">The path of Redis.</param>
    /// <param name="name">The name in the report.</param>
    /// <param name="folder">The folder for its data.</param>
    /// <param name="rules">The file of rules.</param>
    /// <param name="durability">The durability settings of Redis.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<LimitService> StartRedisAsync(
        string redisServer, string name, string folder, string rules, string[] durability,
        CancellationToken cancellationToken)
    {
        var port = $"{Ports.Free()}";
        Directory.CreateDirectory(folder);
        var holder = await StartAsync(cancellationToken);
        var listener = ServerProcess.Start(
            Path.Combine(AppContext.BaseDirectory, "gateway-load"),
            ["redis-listener", "--redis-port", port, "--rules", rules]);
        var line = await listener.LineAsync(RedisListener.Listens, cancellationToken);
        var address = new Uri(line[RedisListener.Listens.Length..]);
        return new LimitService(name, address, holder, StartAsync, (
            static process => ((ServerProcess)process).CpuTime, static process => ((ServerProcess)process).Kill()),
            listener);

        async Task<IDisposable> StartAsync(CancellationToken cancelled)
        {
            var redis = ServerProcess.Start(
                redisServer, ["--port", port, "--bind", "127.0.0.1", "--dir", folder, .. durability]);
            await redis.LineAsync("Ready to accept connections", cancelled);
            return redis;
        }
    }

    /// <summary>Returns the CPU time of all its processes; the time of a killed process is lost.</summary>
    public TimeSpan CpuTime() => _cpuOfHolder(_holder) + (_listener?.CpuTime ?? TimeSpan.Zero);

    /// <summary>Kills the process that holds the counters (<c>kill -9</c>), and starts it again.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _killHolder(_holder);
        _holder.Dispose();
        _holder = await _startHolder(cancellationToken);
    }

    /// <summary>Returns the response to one request; null if there was no decision.</summary>
    public async Task<RateLimitResponse?> AskAsync(byte[] body)
    {
        try
        {
            var (status, message) = await GrpcCall.PostAsync(_client, Decide, body);
            return status == 0 ? RateLimitResponse.Parser.ParseFrom(message) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Returns a framed request about one value.</summary>
    public static byte[] Request(string key, string value)
    {
        var descriptor = new RateLimitDescriptor();
        descriptor.Entries.Add(new RateLimitDescriptor.Types.Entry { Key = key, Value = value });
        return GrpcCall.Frame(
            new RateLimitRequest { Domain = "load", Descriptors = { descriptor } }.ToByteArray());
    }

    public void Dispose()
    {
        _client.Dispose();
        _listener?.Dispose();
        _holder.Dispose();
    }
}
