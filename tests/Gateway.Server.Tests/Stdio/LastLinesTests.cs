namespace Gateway.Server.Tests.Stdio;

/// <summary>
/// A program that fails because of its environment says so on its standard error: the operator reads its last lines
/// where the failure is shown, the agent does not.
/// </summary>
public sealed class LastLinesTests
{
    private const string Script =
        @"i=0; while [ $i -lt 300 ]; do echo line $i >&2; i=$((i+1)); done; "
        + @"printf '\\033[31mred\\r\\n%05000d\\nnpm error code SELF_SIGNED_CERT_IN_CHAIN' 7 >&2; exit 1";

    private const string Failing = $$"""{ "command": "/bin/sh", "args": ["-c", "{{Script}}"] }""";

    [LinuxFact]
    public async Task An_operator_reads_what_a_program_said_last_and_the_agent_does_not()
    {
        await using var bench = await StdioBench.StartProgramAsync(Failing);
        var cli = new Cli(bench.Folder, new Uri(bench.Endpoint, "/"), bench.AdminKey);

        var result = await bench.CallAsync(StdioBench.Initialize, null);
        var json = JsonNode.Parse((await cli.RunAsync("server", "list", "--json")).Output)![0]!["programs"]!;
        var inspected = await cli.RunAsync("server", "inspect", bench.Server);
        var listed = await cli.RunAsync("tools", "list", "--server", bench.Server);

        Assert.Contains("its program ended with exit code 1.", result);
        Assert.DoesNotContain("npm error", result);
        Assert.DoesNotContain("line 2", result);
        var lines = json["lastErrorLines"]!.AsArray().Select(static line => (string)line!).ToList();
        Assert.Equal(20, lines.Count);
        Assert.Equal("line 299", lines[^4]);
        Assert.Equal(@"\u001B[31mred", lines[^3]);
        Assert.InRange(lines[^2].Length, 100, 500);
        Assert.Equal("npm error code SELF_SIGNED_CERT_IN_CHAIN", lines[^1]);
        Assert.Contains("  npm error code SELF_SIGNED_CERT_IN_CHAIN\n", inspected.Output);
        Assert.Contains("npm error code SELF_SIGNED_CERT_IN_CHAIN", listed.Errors);
        Assert.Equal(3, listed.ExitCode);
        Assert.DoesNotContain('\u001b', inspected.Output + inspected.Errors + listed.Errors);
    }

    [LinuxFact]
    public async Task A_program_that_ended_well_leaves_no_lines()
    {
        await using var bench = await StdioBench.StartAsync();
        var cli = new Cli(bench.Folder, new Uri(bench.Endpoint, "/"), bench.AdminKey);
        var session = await bench.OpenAsync();
        await bench.CallAsync(StdioBench.Call("complain"), session);

        (await bench.Client.SendAsync(new HttpRequestMessage(HttpMethod.Delete, bench.Endpoint)
        {
            Headers = { { "Mcp-Session-Id", session } },
        })).Dispose();

        var json = JsonNode.Parse((await cli.RunAsync("server", "list", "--json")).Output)![0]!["programs"]!;
        Assert.Empty(json["lastErrorLines"]!.AsArray());
        Assert.Null(json["lastError"]);
    }
}
