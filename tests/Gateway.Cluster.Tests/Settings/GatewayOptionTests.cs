using Gateway.Cluster.Tests.Control;

namespace Gateway.Cluster.Tests.Settings;

/// <summary>What <c>gateway run</c> takes and warns of, a process of a fleet does too.</summary>
public sealed class GatewayOptionTests
{
    private const string Postgres = "postgres://gateway:a-secret@127.0.0.1:1/gateway";
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>The kinds of lines that a frontend may log about an outage of all silos.</summary>
    private const int OutageKindsMax = 4;

    /// <summary>The lines in all: on a slow machine, the new silo may be silent for some seconds again.</summary>
    private const int OutageLinesMax = 12;

    private const string Azure = "AccountName=gateway;AccountKey=a-secret;EndpointSuffix=core.windows.net";

    [Theory]
    [InlineData("azure", Postgres, "warning: --store holds a password")]
    [InlineData("azure", "postgres://gateway@127.0.0.1:1/gateway", null)]
    [InlineData("postgres", Azure, "warning: --store holds a key")]
    public async Task Warns_of_a_secret_on_the_command_line_and_does_not_repeat_it(
        string clustering, string store, string? warning)
    {
        await using var process = ClusterProcess.Start(
            "silo", "silo", Ports.Free(), "--clustering", clustering, "--store", store);

        await UntilItSaysAsync(process, "gateway-cluster cannot start");
        if (warning is null) Assert.DoesNotContain("warning:", process.Log, StringComparison.Ordinal);
        else await UntilItSaysAsync(process, warning);
        Assert.DoesNotContain("a-secret", process.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warns_of_no_password_that_the_environment_holds()
    {
        await using var process = ClusterProcess.StartIn(
            null, null, [("GATEWAY_STORE", Postgres)], "silo", "silo", Ports.Free(), "--clustering", "azure");

        await UntilItSaysAsync(process, "gateway-cluster cannot start");
        Assert.DoesNotContain("warning:", process.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", process.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GATEWAY_MEMORY_MAX", "23", "GATEWAY_MEMORY_MAX=23 is invalid: it must be 24 MiB or more.")]
    [InlineData("GATEWAY_MEMORY_MAX", "much", "GATEWAY_MEMORY_MAX=much is invalid: it must be 24 MiB or more.")]
    [InlineData("GATEWAY_CLIENT_PORT", "0", "GATEWAY_CLIENT_PORT=0 is invalid: it must be 1 to 65535.")]
    [InlineData("GATEWAY_WINDOWS", "stict", "GATEWAY_WINDOWS \"stict\" is not one of default, strict.")]
    [InlineData("GATEWAY_AUDIT_AGE", "long", "GATEWAY_AUDIT_AGE \"long\" is not a valid age of audit records")]
    [InlineData("GATEWAY_TLS_KEY", "key.pem", "--tls-key needs --tls-cert.")]
    [InlineData("GATEWAY_PUBLIC_URL", "gateway", "\"gateway\" is not a valid address; write it as https://")]
    public async Task Refuses_what_the_environment_says_wrong(string variable, string value, string problem)
    {
        await using var process = ClusterProcess.StartIn(
            null, null, [(variable, value)], "frontend", "frontend", Ports.Free());

        await UntilItSaysAsync(process, problem);
        await Soon.UntilAsync(() => process.HasEnded, "it ends");
        Assert.Empty(process.PlainLines);
    }

    [ClusterFact]
    public async Task A_frontend_keeps_its_memory_limit_and_reports_the_address_for_agents()
    {
        using var folder = new TestFolder();
        await using var fleet = await SiloFleet.StartAsync(silos: 1);
        fleet.Environment = [("GATEWAY_PUBLIC_URL", "https://gateway.example.com/here")];
        var frontend = await fleet.StartReadyAsync(
            "frontend", "--config", AgentConfig.Write(folder.Path, "http://127.0.0.1:1/mcp", max: 1),
            "--listen", "http://127.0.0.1:0", "--data", Path.Combine(folder.Path, "data"), "--memory-max", "24");
        using var client = new FrontendClient(frontend.Address);

        var maximum = (await frontend.GetAsync("/metrics")).Split('\n')
            .Single(static line => line.StartsWith("gateway_memory_max_bytes", StringComparison.Ordinal));
        Assert.Equal($"{24 * 1024 * 1024}", maximum.Split(' ')[1]);
        Assert.Equal("https://gateway.example.com/here/mcp/srv", await client.AddressOfAsync("agent", "srv"));
    }

    [ClusterFact]
    public async Task It_listens_and_logs_as_configured_and_queries_a_fleet_with_the_gateway_verbs()
    {
        using var folder = new TestFolder();
        await using var fleet = await SiloFleet.StartAsync(silos: 1);
        var frontend = await fleet.StartReadyAsync(
            "frontend", "--config", AgentConfig.Write(folder.Path, "http://127.0.0.1:1/mcp", max: 1),
            "--listen", "http://127.0.0.1:0", "--listen", "http://127.0.0.1:0",
            "--data", Path.Combine(folder.Path, "data"), "--log-format", "text");

        Assert.Equal(2, frontend.Log.Split('\n').Count(static line =>
            line.StartsWith("frontend frontend-2 listens on http://127.0.0.1:", StringComparison.Ordinal)));
        await UntilItSaysAsync(frontend, " info  ");

        var (code, output) = await AskAsync(frontend.Address, "grant", "show", "agent");

        Assert.True(code == 0, output);
        Assert.Contains($"{frontend.Address}mcp/srv", output, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task Frontend_listens_unready_while_there_is_no_silo()
    {
        using var folder = new TestFolder();
        await using var fleet = await SiloFleet.StartAsync(silos: 0);
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var frontend = fleet.Start(
            "frontend", "--config", AgentConfig.Write(folder.Path, "http://127.0.0.1:1/mcp", max: 1),
            "--listen", address.OriginalString, "--data", Path.Combine(folder.Path, "data"));

        await Soon.UntilAsync(() => IsAsync("/livez", HttpStatusCode.OK), "the frontend listens");
        Assert.True(await IsAsync("/readyz", HttpStatusCode.ServiceUnavailable));
        Assert.True(await IsAsync("/mcp/srv", HttpStatusCode.ServiceUnavailable));
        await fleet.AddSilosAsync(1);

        Assert.True(await frontend.ReadyAsync(), frontend.Log);
        Assert.True(await IsAsync("/mcp/srv", HttpStatusCode.Unauthorized));

        // An outage of all silos restarts no frontend, which would prolong it.
        var before = frontend.Lines;
        await fleet.Silos[0].KillAsync();
        await Soon.UntilAsync(() => IsAsync("/readyz", HttpStatusCode.ServiceUnavailable), "it cannot count");
        Assert.True(await IsAsync("/livez", HttpStatusCode.OK));
        Assert.True(await IsAsync("/mcp/srv", HttpStatusCode.Unauthorized));
        await fleet.AddSilosAsync(1);
        Assert.True(await frontend.ReadyAsync(), frontend.Log);
        var lines = frontend.Log.Split('\n')[^(frontend.Lines - before)..];
        Assert.InRange(lines.Length, 1, OutageLinesMax);
        var kinds = lines.Select(static line => JsonNode.Parse(line)!["State"]!["{OriginalFormat}"]!.ToString());
        Assert.InRange(kinds.Distinct().Count(), 1, OutageKindsMax);
        Assert.Contains("no silo has counted for 5 s", frontend.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", frontend.Log, StringComparison.Ordinal);

        await frontend.StopAsync();
        await fleet.Silos[1].StopAsync();
        Assert.Contains("frontend frontend-1 listens on ", frontend.Log, StringComparison.Ordinal);
        Assert.Empty(frontend.PlainLines.Concat(fleet.Silos[1].PlainLines));

        async Task<bool> IsAsync(string path, HttpStatusCode status)
        {
            try
            {
                using var response = await Http.GetAsync(new Uri(address, path));
                return response.StatusCode == status;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    /// <summary>What a verb of the executable says.</summary>
    private static async Task<(int Code, string Output)> AskAsync(Uri gateway, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Programs.Cluster, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["GATEWAY_URL"] = gateway.ToString(),
                ["GATEWAY_ADMIN_KEY"] = AgentConfig.AdminKey,
            },
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    private static Task UntilItSaysAsync(ClusterProcess process, string words) =>
        Soon.UntilAsync(() => process.Log.Contains(words, StringComparison.Ordinal), $"it says \"{words}\"");
}
