using System.Web;

namespace Gateway.Server.Tests.Connect;

/// <summary>The official TypeScript client's own OAuth flow, from the first 401 to a refreshed token.</summary>
public sealed class TypeScriptSignInTests
{
    [NodeTheory]
    [InlineData("/mcp/srv", "policy")]
    [InlineData("/mcp", "policy.srv")]
    public async Task Finds_registers_signs_in_calls_and_refreshes_by_itself(string path, string field)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var server = await SampleMcpServer.StartAsync(deadline.Token);
        await using var bench = await ConnectBench.StartAsync(server.Address.ToString(), Ports.Free());
        var address = new Uri(bench.Gateway.Address, path).ToString();
        await using var client = NodeProcess.Start("oauth-client.js", address);
        var asked = new Uri((string)JsonNode.Parse(await client.ReadJsonLineAsync(deadline.Token))!["authorize"]!);
        Assert.Equal(address, HttpUtility.ParseQueryString(asked.Query)["resource"]);

        await bench.SignInAsync();
        var page = await ConnectBench.PageAsync(bench.Browser, asked.PathAndQuery);
        Assert.Contains("TypeScript client", page.Html, StringComparison.Ordinal);
        var (_, html, _) = await bench.AnswerAsync(page.Html, changes: (field, "open"));
        await client.WriteLineAsync(string.Join('&', ConnectBench.Answer(html).Select(
            static one => $"{one.Key}={Uri.EscapeDataString(one.Value)}")));

        var done = JsonNode.Parse(await client.ReadJsonLineAsync(deadline.Token))!;
        Assert.Equal((8, 8, true), ((int)done["tools"]!, (int)done["again"]!, (bool)done["renewed"]!));
        Assert.Equal("mcp offline_access", (string?)done["scope"]);
        Assert.Equal("TypeScript client", (string?)Assert.Single(await bench.GrantsAsync())["client"]);
    }
}
