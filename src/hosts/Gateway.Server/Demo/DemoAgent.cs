using System.Runtime.CompilerServices;
using ModelContextProtocol;
using ModelContextProtocol.Client;

namespace Gateway.Server.Demo;

/// <summary>An agent as anyone would write it: the official client, an address and a grant's token.</summary>
internal sealed class DemoAgent : IAsyncDisposable
{
    public const string LimitedTool = "backchannel_resend_otp";
    public const string DeniedTool = "delete_customer";
    public const int LimitedCalls = 25;

    private readonly McpClient _client;

    private DemoAgent(McpClient client) => _client = client;

    /// <summary>The revision that client and server agreed on.</summary>
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

    /// <summary>The tools that the agent is shown.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var tools = await _client.ListToolsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. tools.Select(tool => tool.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>25 calls of the limited tool as fast as they are answered, then one of the denied tool.</summary>
    public async IAsyncEnumerable<DemoCall> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 1; number <= LimitedCalls; number++)
        {
            var arguments = new Dictionary<string, object?> { ["auth_req_id"] = "req-7f3a", ["channel"] = "sms" };
            yield return await CallAsync(number, LimitedTool, arguments, cancellationToken).ConfigureAwait(false);
        }

        var customer = new Dictionary<string, object?> { ["customer_id"] = "c-1001" };
        yield return await CallAsync(LimitedCalls + 1, DeniedTool, customer, cancellationToken).ConfigureAwait(false);
    }

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
