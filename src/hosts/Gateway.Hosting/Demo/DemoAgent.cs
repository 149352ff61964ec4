using System.Runtime.CompilerServices;
using ModelContextProtocol;
using ModelContextProtocol.Client;

namespace Gateway.Hosting.Demo;

/// <summary>An ordinary agent: the official client, an address and a grant's token.</summary>
public sealed class DemoAgent : IAsyncDisposable
{
    /// <summary>The tool that the policy limits to ten calls a minute.</summary>
    public const string LimitedTool = "backchannel_resend_otp";

    /// <summary>The tool that the policy denies.</summary>
    public const string DeniedTool = "delete_customer";

    /// <summary>The number of calls of the limited tool.</summary>
    public const int LimitedCalls = 25;

    private readonly McpClient _client;

    private DemoAgent(McpClient client) => _client = client;

    /// <summary>The revision that client and server negotiated.</summary>
    public string ProtocolVersion => _client.NegotiatedProtocolVersion ?? "unknown";

    /// <exception cref="HttpRequestException">The address cannot be reached or does not accept the token.</exception>
    public static async Task<DemoAgent> ConnectAsync(Uri address, string token, CancellationToken cancellationToken)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = address,
            TransportMode = HttpTransportMode.StreamableHttp,
            EnableStandaloneGetStream = false,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
        });
        return new DemoAgent(await McpClient.CreateAsync(transport, cancellationToken: cancellationToken)
            .ConfigureAwait(false));
    }

    /// <summary>Lists the tools that the agent can see.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var tools = await _client.ListToolsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. tools.Select(tool => tool.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Makes 25 calls of the limited tool, each as soon as the previous one has returned, then one of the denied tool.
    /// </summary>
    public async IAsyncEnumerable<DemoCall> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 1; number <= LimitedCalls + 1; number++)
            yield return await CallAsync(number, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the call of this number: of the limited tool, and after the 25th of the denied one.</summary>
    public Task<DemoCall> CallAsync(int number, CancellationToken cancellationToken) => number <= LimitedCalls
        ? CallAsync(number, LimitedTool, new() { ["auth_req_id"] = "req-7f3a", ["channel"] = "sms" }, cancellationToken)
        : CallAsync(number, DeniedTool, new() { ["customer_id"] = "c-1001" }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task<DemoCall> CallAsync(
        int number, string tool, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _client.CallToolAsync(tool, arguments, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            return DemoCall.Of(number, tool, result);
        }
        catch (Exception exception) when (exception is McpException or HttpRequestException)
        {
            return new DemoCall(number, tool, DemoOutcome.Failed, exception.Message);
        }
    }
}
