using Gateway.Server.Tests.Features.CSharp;

namespace Gateway.Server.Tests.Features;

/// <summary>Runs one scenario with one official client through a gateway, and says what the client saw.</summary>
public abstract class FeatureTest(FeatureServer server) : IClassFixture<FeatureServer>, IDisposable
{
    private const string AllowAll = """{ "version": "1", "default": "allow" }""";
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));

    public void Dispose()
    {
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the client was asked, told and answered, a line each in the order in which it saw it.</summary>
    protected async Task<IReadOnlyList<string>> SeeAsync(string client, string scenario, string policy = AllowAll)
    {
        var gateway = await server.GatewayAsync(policy);
        if (Official.IsCSharp(client))
            return await CSharpClient.SeeAsync(gateway.Endpoint, TestTokens.Agent, client, scenario, _deadline.Token);

        var script = new { url = gateway.Endpoint, token = TestTokens.Agent, client, scenario };
        await using var process = NodeProcess.Start("features/main.js", JsonSerializer.Serialize(script));
        return [.. (await process.ReadToEndAsync(_deadline.Token)).Select(Seen)];
    }

    /// <summary>
    /// The lines in this order; from the C# client in any, as it handles every message on a thread of its own.
    /// </summary>
    protected static void AssertSaw(string client, IEnumerable<string> expected, IReadOnlyList<string> seen)
    {
        if (Official.IsCSharp(client))
            Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        else
            Assert.Equal(expected, seen);
    }

    private static string Seen(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("seen").GetString()!;
    }
}
