namespace Gateway.Server.Tests.Operators;

/// <summary>Who changed what, and what policies were before.</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private const string First = """{ "version": "1",   "default": "deny" }""";
    private const string Second = """{ "version": "1", "default": "allow" }""";
    private AdminBench _bench = null!;
    private string _ana = "";

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        _ana = await _bench.KeyOfAsync("ana", "editor");
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Shows_who_changed_what_and_how_it_was_the_latest_first()
    {
        await PutAsync(First, "*");
        await PutAsync(Second, "*");

        var all = (await _bench.SendAsync("GET", "history?object=policies/p", key: _ana)).Json!["items"]!.AsArray();

        Assert.Equal(["replace", "create"], all.Select(static one => (string)one!["action"]!));
        Assert.All(all, static one => Assert.Equal(
            ("ana", "127.0.0.1"), ((string)one!["by"]!, (string)one["from"]!)));
        Assert.All(all, static one => Assert.StartsWith("key ana/", $"{one!["credential"]} {one["credentialId"]}"));
        Assert.All(all, static one => Assert.Equal("api", (string?)one!["origin"]));
        Assert.Equal("deny", (string)all[0]!["before"]!["default"]!);
        Assert.Equal("allow", (string)all[0]!["after"]!["default"]!);
        var one = (await _bench.SendAsync("GET", "history?by=ana&limit=1", key: _ana)).Json!;
        Assert.Single(one["items"]!.AsArray());
        Assert.NotNull(one["next"]);
        Assert.Equal(2, (await _bench.SendAsync("GET", "history?by=admin")).Json!["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Keeps_each_version_of_a_policy_byte_for_byte_and_restores_one_as_a_new_version()
    {
        var first = await PutAsync(First, "*");
        var second = await PutAsync(Second, first);
        var listed = await VersionsAsync();
        Assert.Equal([$"\"{listed[0]}\"", $"\"{listed[1]}\""], [second, first]);
        Assert.Equal(First, await TextAsync($"policies/p/versions/{listed[1]}"));

        Assert.Equal(412, await RestoreAsync(listed[1], first));
        Assert.Equal(428, await RestoreAsync(listed[1], null));
        Assert.Equal(404, await RestoreAsync(1, second));
        Assert.Equal(200, await RestoreAsync(listed[1], second));

        Assert.Equal(First, await TextAsync("policies/p"));
        Assert.Equal(3, (await VersionsAsync()).Count);
        Assert.Equal("restore", _bench.Changes()[^1].GetProperty("action").GetString());
    }

    [Fact]
    public async Task Brings_back_a_policy_that_was_removed()
    {
        await PutAsync(First, "*");
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "policies/p", ifMatch: "*", key: _ana)).Status);

        Assert.Equal(201, await RestoreAsync(Assert.Single(await VersionsAsync()), null));

        Assert.Equal(First, await TextAsync("policies/p"));
    }

    [Fact]
    public async Task Shows_both_after_a_restart_and_keeps_what_stood_there_before_there_were_versions()
    {
        var first = await PutAsync(First, "*");
        var data = Path.Combine(_bench.Folder, "data");
        await _bench.Host.DisposeAsync();
        // As the version before left it.
        Directory.Delete(Path.Combine(data, "control-archive"), recursive: true);
        await using (var again = await StartAsync(data))
        {
            using var client = Client(again);
            await PutAsync(Second, first, client);
        }

        await using var last = await StartAsync(data);
        using var reader = Client(last);
        var items = JsonNode.Parse(await reader.GetStringAsync("/api/v1/policies/p/versions"))!["items"]!.AsArray();

        Assert.Equal(2, items.Count);
        Assert.Equal([true, false], items.Select(static one => (bool)one!["isInForce"]!));
        Assert.Equal((string?)"ana", (string?)items[0]!["by"]);
        Assert.Null(items[1]!["by"]);
        Assert.Equal(First, await reader.GetStringAsync($"/api/v1/policies/p/versions/{items[1]!["version"]}"));
        Assert.Contains("\"replace\"", await reader.GetStringAsync("/api/v1/history?by=ana"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_the_reason_that_somebody_gives_and_takes_no_endless_one()
    {
        await PutAsync(First, "*", path: "/api/v1/policies/p?force=true&reason=asked%20by%20legal");

        var change = (await _bench.SendAsync("GET", "history?object=policies/p", key: _ana)).Json!["items"]![0]!;
        Assert.Equal("asked by legal", (string?)change["reason"]);
        Assert.Equal("asked by legal", _bench.Changes()[^1].GetProperty("reason").GetString());
        Assert.Equal("asked by legal", (string?)(await _bench.SendAsync(
            "GET", "policies/p/versions", key: _ana)).Json!["items"]![0]!["reason"]);
        var endless = await _bench.SendAsync(
            "PUT", $"policies/p?reason={new string('x', 501)}", JsonNode.Parse(Second), "*", _ana);
        Assert.Equal(422, endless.Status);
        Assert.Single(await VersionsAsync());
    }

    [Fact]
    public async Task The_command_line_lists_and_restores_and_shows_who_changed_what()
    {
        var cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _ana);
        var file = Path.Combine(_bench.Folder, "p.json");
        await File.WriteAllTextAsync(file, First);
        Assert.Equal(0, (await cli.RunAsync("policy", "set", "p", file)).ExitCode);
        await File.WriteAllTextAsync(file, Second);
        Assert.Equal(0, (await cli.RunAsync("policy", "set", "p", file, "--force", "--reason", "too strict")).ExitCode);
        var versions = await VersionsAsync();

        var listed = await cli.RunAsync("policy", "versions", "p");
        Assert.Contains("replace, active", listed.Output, StringComparison.Ordinal);
        Assert.Matches("^VERSION +REVISION ", listed.Output);
        Assert.Matches($"(?m)^2 +{versions[0]} ", listed.Output);
        Assert.Contains("too strict", listed.Output, StringComparison.Ordinal);
        var wrong = await cli.RunAsync("policy", "restore", "p", "999999");
        Assert.Equal(1, wrong.ExitCode);
        var restored = await cli.RunAsync("policy", "restore", "p", $"{versions[1]}", "--reason", "too open");
        Assert.True(restored.ExitCode == 0, restored.Errors);
        Assert.Contains($"note: revision {versions[1]} is version 1, which ana set", restored.Errors);
        Assert.Contains("was restored to version 1, sha256", restored.Output, StringComparison.Ordinal);

        Assert.Equal(First, (await cli.RunAsync("policy", "show", "p")).Output.Trim());
        var history = await cli.RunAsync("history", "--object", "policies/p", "--limit", "1");
        Assert.Contains("restore", history.Output, StringComparison.Ordinal);
        Assert.Contains("too open", history.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("create", history.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await cli.RunAsync("history", "--limit", "0")).ExitCode);
    }

    [Fact]
    public async Task Verbs_that_change_objects_keep_the_reason()
    {
        var cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _ana);
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "q.json"), First);
        string[][] verbs =
        [
            ["server", "add", "erp", "http://127.0.0.1:9/mcp"], ["policy", "set", "q", "q.json"],
            ["grant", "create", "other", "--server", "erp=q"], ["grant", "set", "other", "--expires", "30d"],
            ["grant", "rotate", "other"], ["grant", "revoke", "other"], ["server", "set", "erp", "--timeout", "20"],
            ["server", "remove", "erp"], ["policy", "remove", "q"], ["list", "set", "names", "q.json"],
        ];

        foreach (var verb in verbs)
        {
            var run = await cli.RunAsync([.. verb, "--reason", string.Join(' ', verb)]);
            Assert.True(run.ExitCode == 0, $"{verb[0]} {verb[1]}: {run.Errors}");
        }

        Assert.Equal(
            verbs.Select(static verb => string.Join(' ', verb)),
            _bench.Changes().TakeLast(verbs.Length).Select(static one => one.GetProperty("reason").GetString()));
    }

    private static Task<GatewayHost> StartAsync(string data) => GatewayHost.StartAsync(
        new GatewayHostOptions { DataDirectory = data, Listen = ["http://127.0.0.1:0"], Quiet = true }, default);

    private HttpClient Client(GatewayHost host) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(host.Addresses[0]),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", _ana) },
    };

    private async Task<List<long>> VersionsAsync() =>
    [
        .. (await _bench.SendAsync("GET", "policies/p/versions", key: _ana)).Json!["items"]!.AsArray()
            .Select(static one => (long)one!["version"]!),
    ];

    private async Task<int> RestoreAsync(long version, string? ifMatch) => (await _bench.SendAsync(
        "POST", $"policies/p/versions/{version}/restore", ifMatch: ifMatch, key: _ana)).Status;

    private async Task<string> TextAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _ana);
        using var response = await _bench.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Sets it to these bytes; the version that came of it.</summary>
    private async Task<string> PutAsync(
        string policy, string ifMatch, HttpClient? client = null, string path = "/api/v1/policies/p")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path)
        {
            Content = new StringContent(policy, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _ana);
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var response = await (client ?? _bench.Client).SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response.Headers.ETag!.Tag;
    }
}
