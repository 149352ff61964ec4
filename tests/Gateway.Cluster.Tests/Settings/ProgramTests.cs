namespace Gateway.Cluster.Tests.Settings;

/// <summary>A frontend of a fleet runs servers that are programs, as a single host does.</summary>
public sealed class ProgramTests
{
    private const string Initialize = """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},
        "clientInfo":{"name":"test","version":"1"}}}
        """;

    [ClusterFact]
    public async Task A_frontend_runs_and_reports_programs_and_leaves_none_when_killed()
    {
        using var folder = new TestFolder();
        await using var fleet = await SiloFleet.StartAsync(silos: 0);
        var frontend = await fleet.StartReadyAsync(
            "all", "--config", WriteConfig(folder.Path), "--data", Path.Combine(folder.Path, "data"),
            "--listen", "http://127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = frontend.Address };
        // Nobody set an administrator's key, so that this start made one and offers what needs it first.
        await Soon.UntilAsync(() => frontend.Log.Contains(
            $"once, within an hour: {frontend.Address}console/#/welcome?code=pgf_", StringComparison.Ordinal),
            "the link that makes the first operator");

        using var answer = await http.SendAsync(Post(Initialize));
        var text = await answer.Content.ReadAsStringAsync();
        var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var program = int.Parse(File.ReadAllText(Path.Combine(folder.Path, "pids")), null);
        await frontend.KillAsync();

        Assert.True((int)answer.StatusCode == 200, text);
        Assert.Contains("\"serverInfo\":{\"name\":\"child\"", text);
        Assert.Matches("gateway_stdio_children\\{.*server=\"srv\".*\\} 1", metrics);
        await LiveProcesses.AllGoneAsync(() => [program]);
    }

    private static HttpRequestMessage Post(string body) => new(HttpMethod.Post, "/mcp/srv")
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
        Headers =
        {
            Authorization = new AuthenticationHeaderValue("Bearer", AgentConfig.Token),
            Accept = { new("application/json"), new("text/event-stream") },
        },
    };

    private static string WriteConfig(string folder)
    {
        var path = Path.Combine(folder, "gateway.json");
        File.WriteAllText(path, $$"""
            {
              "servers": { "srv": { "command": "/bin/sh", "args": ["{{SourceTree.PathOf("tests", "stdio", "child.sh")}}"],
                "env": { "PIDS": "{{folder}}/pids" } } },
              "policies": { "policy": { "version": "1", "default": "allow" } },
              "grants": { "agent": { "server": "srv", "policy": "policy", "token": "{{AgentConfig.Token}}" } }
            }
            """);
        return path;
    }
}
