namespace Gateway.Server.Tests.Admin;

/// <summary>What docs/use/operations.md says of backups.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task Works_on_from_a_copy_that_was_made_while_it_ran()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var bench = await AdminBench.StartAsync();
        await bench.SendAsync("PUT", "servers/crm", new JsonObject
        {
            ["url"] = server.Url,
            ["headers"] = new JsonObject { ["Authorization"] = "Bearer upstream-secret" },
        });
        await bench.SendAsync("PUT", "policies/limited", JsonNode.Parse("""{ "version": "1", "default": "allow" }"""));
        var created = await bench.SendAsync("POST", "grants", AdminBench.GrantBody("bot"));

        var restored = Path.Combine(bench.Folder, "restored");
        Copy(Path.Combine(bench.Folder, "data", "control"), Path.Combine(restored, "control"));
        await using var second = await GatewayHost.StartAsync(
            new GatewayHostOptions { DataDirectory = restored, Listen = ["http://127.0.0.1:0"], Quiet = true },
            CancellationToken.None);

        Assert.Null(second.NewAdminKey);
        using var agent = new HttpClient();
        agent.DefaultRequestHeaders.Authorization = new("Bearer", (string)created.Json!["token"]!);
        agent.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var body = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}""",
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var answer = await agent.PostAsync(new Uri(new Uri(second.Addresses[0]), "/mcp/crm"), body);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("Bearer upstream-secret", Assert.Single(server.Requests).Headers["Authorization"]);
    }

    private static void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            // tar reads the lock too; .NET asks for the right to, which its owner does not give.
            if (Path.GetFileName(path) == "lock")
                continue;
            var copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }
}
