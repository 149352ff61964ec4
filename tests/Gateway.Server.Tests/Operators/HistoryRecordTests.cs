using Gateway.Admin.Identity.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Operators;

/// <summary>How long changes are kept, and what the history says where its record begins.</summary>
public sealed class HistoryRecordTests : IAsyncLifetime
{
    private const string First = """{ "version": "1",   "default": "deny" }""";
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow());
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync(time: _time);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public Task Script_that_makes_many_grants_leaves_the_history_of_a_policy_whole()
    {
        // As many as the topic of previous releases has, so that it loses the policy's entries in this test too.
        _bench.Host.Services.GetRequiredService<HistoryOptions>().PreviousReleaseMax = 20;
        return LiveWithAScriptAsync(60);
    }

    [Fact]
    [Trait("run", "full")]
    public Task Script_that_makes_1880_grants_leaves_the_history_of_a_policy_whole() => LiveWithAScriptAsync(1880);

    [Fact]
    public async Task History_of_a_previous_release_is_imported_and_the_one_it_reads_is_still_written()
    {
        await PutAsync("p", First, "create");
        await PutAsync("p", """{ "version": "1", "default": "allow" }""", "replace");
        var written = await EntriesAsync("history?object=policies/p");
        await _bench.RestartAsync(
            () =>
            {
                // As the previous release left it: one topic, with the latest changes of all objects.
                foreach (var folder in Directory.GetDirectories(Archive, "history%2f*"))
                    Directory.Delete(folder, recursive: true);
            },
            _time);

        await PutAsync("p", First, "replace");

        var shown = await EntriesAsync("history?object=policies/p");
        Assert.Equal(["replace", "replace", "create"], shown.Select(static one => (string)one["action"]!));
        Assert.Equal(
            written.Select(static one => one.ToJsonString()), shown.Skip(1).Select(static one => one.ToJsonString()));
        Assert.Equal(
            shown.Select(static one => one.ToJsonString()),
            (await EntriesAsync("history")).Select(static one => one.ToJsonString()));
        var page = (await _bench.SendAsync("GET", "history?object=policies/p")).Json!;
        Assert.True((bool)page["isComplete"]!);
        Assert.Equal((string)written[^1]["time"]!, (string)page["since"]!);
        // The previous release lists these files and reads these members.
        var files = Directory.GetFiles(Path.Combine(Archive, "history")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(
            shown.Select(static one => $"{(long)one["version"]!:D19}.json").Reverse(),
            files.Select(static file => Path.GetFileName(file)));
        Assert.Equal(
            shown.Select(static one => one.ToJsonString()).Reverse(),
            files.Select(static file => JsonNode.Parse(File.ReadAllBytes(file))!.ToJsonString()));
    }

    [Fact]
    public async Task Entries_that_a_previous_release_wrote_beside_this_one_are_imported_before_they_are_read()
    {
        await PutAsync("p", First, "create");
        var entry = Assert.Single(Directory.GetFiles(Path.Combine(Archive, "history")));
        var other = JsonNode.Parse(await File.ReadAllBytesAsync(entry))!;
        other["object"] = "policies/q";
        other["version"] = 900;
        await _bench.Host.Services.GetRequiredService<Gateway.Control.Documents.IControlStore>().Archive.KeepAsync(
            "history", 900, Encoding.UTF8.GetBytes(other.ToJsonString()), 1000, default);

        Assert.Equal(900, (long)Assert.Single(await EntriesAsync("history?object=policies/q"))["version"]!);
        Assert.Equal(2, (await EntriesAsync("history")).Count);
    }

    [Fact]
    public async Task Changes_are_deleted_at_the_configured_age_and_the_one_in_force_is_not()
    {
        var history = _bench.Host.Services.GetRequiredService<HistoryStore>();
        _bench.Host.Services.GetRequiredService<HistoryOptions>().Age = TimeSpan.FromDays(100);
        await PutAsync("p", First, "create");
        await PutAsync("gone", First, "create");
        var begin = _time.GetUtcNow();
        _time.Jump(TimeSpan.FromDays(10));
        await PutAsync("p", """{ "version": "1", "default": "allow" }""", "replace");
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "policies/gone", ifMatch: "*")).Status);
        _time.Jump(TimeSpan.FromDays(80));
        await PutAsync("p", First, "replace");
        await history.SweepAsync(default);
        Assert.Equal(5, (await EntriesAsync("history")).Count);

        _time.Jump(TimeSpan.FromDays(30));
        await history.SweepAsync(default);

        Assert.Equal("replace", (string)Assert.Single(await EntriesAsync("history"))["action"]!);
        // What stood there when the record begins, and since when.
        Assert.Equal(2, (await EntriesAsync("history?object=policies/p")).Count);
        Assert.Empty(await EntriesAsync("history?object=policies/gone"));
        var page = (await _bench.SendAsync("GET", "history?object=policies/p")).Json!;
        Assert.False((bool)page["isComplete"]!);
        Assert.Equal(
            new DateTimeOffset(begin.UtcDateTime.Date.AddDays(20), TimeSpan.Zero), (DateTimeOffset)page["since"]!);
        Assert.Equal(2, (await VersionsAsync("p")).Count);
        Assert.Empty(await VersionsAsync("gone"));
        Assert.Single(Directory.GetFiles(Path.Combine(Archive, "history")));
        var cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);
        var shown = await cli.RunAsync("history", "--object", "policies/p");
        Assert.StartsWith(
            "Earlier changes of policies/p are not in the history. The history begins at ", shown.Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_line_says_since_when_nothing_was_changed()
    {
        await PutAsync("p", First, "create");
        var since = (string)(await _bench.SendAsync("GET", "history")).Json!["since"]!;
        var cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);

        var none = await cli.RunAsync("history", "--object", "policies/other");

        Assert.Equal(0, none.ExitCode);
        Assert.StartsWith(
            $"The history has no change of policies/other. The history begins at {since[..10]}", none.Output,
            StringComparison.Ordinal);
        var whole = await cli.RunAsync("history", "--object", "policies/p");
        Assert.Equal("", whole.Errors);
    }

    private string Archive => Path.Combine(_bench.Folder, "data", "control-archive");

    /// <summary>Grants by a script; then the policy's whole history, and its first version again.</summary>
    private async Task LiveWithAScriptAsync(int grants)
    {
        await _bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = _bench.Server.Address.ToString() });
        await PutAsync("limited", AdminBench.Limited, "create");
        await PutAsync("sup2", First, "create");
        await PutAsync("sup2", """{ "version": "1", "default": "allow" }""", "replace");
        for (var i = 0; i < grants; i++)
            Assert.Equal(201, (await _bench.SendAsync("POST", "grants", AdminBench.GrantBody($"bot{i}"))).Status);
        var cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);

        var history = await cli.RunAsync("history", "--object", "policies/sup2", "--json");

        Assert.Equal("", history.Errors);
        var versions = JsonNode.Parse(history.Output)!.AsArray().Select(static one => (long)one!["version"]!).ToList();
        Assert.Equal(versions, await VersionsAsync("sup2"));
        Assert.Equal(2, versions.Count);
        Assert.All(
            (await _bench.SendAsync("GET", "policies/sup2/versions")).Json!["items"]!.AsArray(),
            static one => Assert.Equal("admin", (string?)one!["by"]));
        var restored = await cli.RunAsync("policy", "restore", "sup2", $"{versions[^1]}");
        Assert.True(restored.ExitCode == 0, restored.Errors);
        Assert.Equal(First, (await cli.RunAsync("policy", "show", "sup2")).Output.Trim());
        var all = JsonNode.Parse((await cli.RunAsync("history", "--limit", "100000", "--json")).Output)!.AsArray();
        Assert.Equal(grants + 5, all.Count);
        Assert.Equal(all.Count, all.Select(static one => (long)one!["version"]!).Distinct().Count());
        Assert.Equal(grants, all.Count(
            static one => ((string)one!["object"]!).StartsWith("grants/", StringComparison.Ordinal)));
    }

    private async Task<List<JsonNode>> EntriesAsync(string path) =>
        [.. (await _bench.SendAsync("GET", path)).Json!["items"]!.AsArray().Select(static one => one!)];

    private async Task<List<long>> VersionsAsync(string policy) =>
    [
        .. (await _bench.SendAsync("GET", $"policies/{policy}/versions")).Json!["items"]!.AsArray()
            .Select(static one => (long)one!["version"]!),
    ];

    /// <summary>Sets a policy to these very bytes.</summary>
    private async Task PutAsync(string name, string policy, string action)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/policies/{name}")
        {
            Content = new StringContent(policy, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _bench.AdminKey);
        if (action == "replace")
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var response = await _bench.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
