namespace Gateway.Server.Tests.Stdio;

/// <summary>The recipe of <c>docs/how-to/servers.md</c> for npx behind a proxy, with a private CA.</summary>
public sealed class NpxTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new("gateway-npx-");
    private PrivateRegistry _registry = null!;

    private string CaPath => Path.Combine(_folder.Path, "ca.pem");

    public async Task InitializeAsync() => _registry = await PrivateRegistry.StartAsync(CaPath);

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [NpxFact]
    public async Task Fetches_a_server_through_the_proxy_by_the_CA_that_is_named()
    {
        await using var bench = await StdioBench.StartProgramAsync(Npx(
            ("HTTPS_PROXY", _registry.Proxy), ("NODE_EXTRA_CA_CERTS", CaPath)));

        var run = await ListAsync(bench);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("hello", run.Output);
        Assert.All(_registry.Asked, static asked => Assert.Equal($"{PrivateRegistry.Host}:443", asked));
        Assert.NotEmpty(_registry.Asked);
    }

    [NpxFact]
    public async Task Says_what_npx_said_where_the_CA_is_not_named()
    {
        await using var bench = await StdioBench.StartProgramAsync(Npx(("HTTPS_PROXY", _registry.Proxy)));

        var run = await ListAsync(bench);
        var result = await bench.CallAsync(StdioBench.Initialize, null);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("UNABLE_TO_VERIFY_LEAF_SIGNATURE", run.Errors);
        Assert.DoesNotContain("npm error", result);
    }

    [NpxFact]
    public async Task Says_what_npx_said_where_the_proxy_is_not_named()
    {
        await using var bench = await StdioBench.StartProgramAsync(Npx(("NODE_EXTRA_CA_CERTS", CaPath)));

        var run = await ListAsync(bench);

        Assert.Equal(3, run.ExitCode);
        Assert.Matches("ENOTFOUND|EAI_AGAIN", run.Errors);
        Assert.Empty(_registry.Asked);
    }

    private static Task<CliRun> ListAsync(StdioBench bench) =>
        new Cli(bench.Folder, new Uri(bench.Endpoint, "/"), bench.AdminKey)
            .RunAsync("tools", "list", "--server", bench.Server);

    /// <summary>As documented; and not asked twice, so that a failure is soon told.</summary>
    private string Npx(params (string Name, string Value)[] environment)
    {
        var env = new JsonObject
        {
            ["HOME"] = _folder.Path,
            ["npm_config_registry"] = $"https://{PrivateRegistry.Host}/",
            ["npm_config_fetch_retries"] = "0",
            // This machine's own may name a "cafile", which takes the place of every other CA.
            ["npm_config_globalconfig"] = Path.Combine(_folder.Path, "npmrc"),
        };
        foreach (var (name, value) in environment)
            env[name] = value;
        return new JsonObject
        {
            ["command"] = "npx",
            ["args"] = new JsonArray("-y", PrivateRegistry.Package),
            ["cwd"] = _folder.Path,
            ["env"] = env,
        }.ToJsonString();
    }
}
