namespace Gateway.Server.Tests.Stdio;

/// <summary>What an operator sees of programs: those that run, restarts, the last error.</summary>
public sealed class InspectTests
{
    [Fact]
    public async Task A_program_is_not_registered_by_the_command_line_which_says_what_to_write_where()
    {
        var run = await new Cli(Path.GetTempPath()).RunAsync(
            "server", "add", "files", "--command", "npx", "--arg", "-y", "--arg", "a b");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("can be registered only in the configuration file", run.Errors);
        var entry = JsonNode.Parse(run.Output)!["files"]!;
        Assert.Equal("npx", (string?)entry["command"]);
        Assert.Equal(["-y", "a b"], entry["args"]!.AsArray().Select(static argument => (string?)argument));
    }

    [LinuxFact]
    public async Task An_operator_sees_children_restarts_and_the_last_error()
    {
        await using var bench = await StdioBench.StartAsync();
        var cli = new Cli(bench.Folder, new Uri(bench.Endpoint, "/"), bench.AdminKey);
        var before = JsonNode.Parse((await cli.RunAsync("server", "list", "--json")).Output)![0]!["programs"]!;
        await bench.CallAsync(StdioBench.Call("die"), await bench.OpenAsync());
        await bench.OpenAsync();

        var shown = await cli.RunAsync("server", "inspect", bench.Server);
        var json = JsonNode.Parse((await cli.RunAsync("server", "inspect", bench.Server, "--json")).Output)!;

        Assert.Equal((0, 64), ((int)before["starts"]!, (int)before["childrenMax"]!));
        Assert.StartsWith("1 of 64 programs run here; 2 starts, 1 after a crash.", shown.Output);
        Assert.Contains("its program ended with exit code 3.", shown.Output);
        Assert.Matches($@"{bench.Pids[1]} +agent +session +\d{{4}}-", shown.Output);
        Assert.Contains("echo", shown.Output);
        Assert.Equal("agent", (string?)json["programs"]!["children"]![0]!["grant"]);
        Assert.Equal(1, (int)json["programs"]!["restarts"]!);
        Assert.Contains(json["tools"]!.AsArray(), static tool => (string?)tool!["name"] == "hidden");
    }
}
