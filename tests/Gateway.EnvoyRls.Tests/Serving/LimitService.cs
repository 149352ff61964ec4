using Google.Protobuf;

namespace Gateway.EnvoyRls.Tests.Serving;

/// <summary>
/// A gateway that runs the rate limit service over its journal, and a client that speaks gRPC by hand.
/// </summary>
public sealed class LimitService : IAsyncLifetime, IDisposable
{
    public const string Decide = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

    private GatewayHost? _host;
    private HttpClient? _client;

    public TestFolder Folder { get; } = new("gateway-rls-");

    public string RulesPath => Path.Combine(Folder.Path, "limits.yaml");

    public Uri Agents => new(_host!.Addresses[0]);

    public Uri Address => new(_host!.ServiceAddress!);

    internal RlsSettings Settings => new() { Listen = "http://127.0.0.1:0", RulesPath = RulesPath };

    public async Task InitializeAsync()
    {
        WriteRules("""
            domain: shop
            descriptors:
              - { key: user, rate_limit: { unit: year, requests_per_unit: 2 } }
              - { key: path, rate_limit: { unit: year, requests_per_unit: 1000 } }
            """);
        await StartAsync(Settings);
    }

    public void WriteRules(string text) => File.WriteAllText(RulesPath, text);

    internal async Task StartAsync(RlsSettings settings, Func<GatewayHostOptions, GatewayHostOptions>? more = null)
    {
        var options = new GatewayHostOptions
        {
            DataDirectory = Path.Combine(Folder.Path, "data"),
            Listen = ["http://127.0.0.1:0"],
            Quiet = true,
            Extensions = [new RlsSetup(settings)],
        };
        _host = await GatewayHost.StartAsync(more?.Invoke(options) ?? options, CancellationToken.None);
        _client = Client();
    }

    public async Task StopAsync()
    {
        _client?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        _host = null;
    }

    public HttpClient Client(SocketsHttpHandler? handler = null) => GrpcCall.Client(Address, handler);

    /// <summary>Sends a message, and says the status and the message of the answer.</summary>
    internal Task<(int Status, byte[] Message)> AskAsync(
        IMessage message, string path = Decide, HttpClient? client = null,
        params (string Name, string Value)[] headers) =>
        PostAsync(GrpcCall.Frame(message.ToByteArray()), path, client, headers);

    internal async Task<RateLimitResponse> AnswerAsync(RateLimitRequest request)
    {
        var (status, message) = await AskAsync(request);
        Assert.Equal(0, status);
        return RateLimitResponse.Parser.ParseFrom(message);
    }

    /// <summary>The same with a body as it is.</summary>
    public Task<(int Status, byte[] Message)> PostAsync(
        byte[] body, string path = Decide, HttpClient? client = null, params (string Name, string Value)[] headers) =>
        GrpcCall.PostAsync(client ?? _client!, path, body, headers);

    /// <summary>A request about one user.</summary>
    internal static RateLimitRequest User(string name, ulong hits = 1) => Of("user", name, hits);

    internal static RateLimitRequest Of(string key, string value, ulong hits = 1)
    {
        var descriptor = new RateLimitDescriptor { HitsAddend = hits };
        descriptor.Entries.Add(new RateLimitDescriptor.Types.Entry { Key = key, Value = value });
        return new RateLimitRequest { Domain = "shop", Descriptors = { descriptor } };
    }

    public async Task DisposeAsync() => await StopAsync();

    public void Dispose() => Folder.Dispose();
}
